import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.ingest import furniture_rule, is_furniture
from stance.ingest.furniture import LONGEST, RULES

FURNITURE = {
    "list header": [
        "Read more",
        "Topics",
        "Most read",
        "Related stories",
        "More from The Courier",
        "More on Ukraine",
        "More on this story",
    ],
    "teaser": [
        "Read more: Who pays for the force",
        "Read also: Queue reaches 14 hours | Who will pay",
        "Related: The brigade that never left",
        "Read more about the mission here.",
        "For more stories like this, check our news page.",
        "View image in fullscreen",
        "CLICK HERE TO GET THE NEWS APP",
        "READ MORE: 'We will not go', says general",
        "Also on this page: Road closures on the 41",
        "Most read: Rents in town",
        "More: What is a battery?",
    ],
    "advertisement": [
        "Advertisement",
        "ADVERTISEMENT - CONTINUE READING BELOW",
        "Story continues below advertisement",
    ],
    "share": [
        "Share",
        "Share on Facebook",
        "Share this article",
        "Share on Facebook | Share on X | Print",
        "Facebook Twitter WhatsApp Email Print",
        "1.2k shares",
        "45 Likes 12 Comments",
        "12,345 views",
        "12 Comments",
        "Share Save",
        "Share this: Facebook X",
        "Share on social media",
    ],
    "byline": [
        "By Jane Doe",
        "By Jane Doe in Warsaw",
        "By JANE DOE, POLITICAL EDITOR FOR THE DAILY HERALD",
        "By Jane Doe and John van der Roe",
        "By Łukasz Żak, Élodie Œuvre and Šárka Čech in Kyiv",
        "By Jane Doe and Agencies",
        "By AFP",
        "By Jane Doe, Harbour News",
        "Jane Doe, Senior Correspondent",
        "Jane Doe and John Roe, Defence Editors",
        "Reuters",
        "Reuters, AFP",
        "By JANE DOE FOR THE DAILY HERALD",
        "Words by Jane Doe",
        "Brussels Correspondent",
        "Interview: Jane Doe",
    ],
    "composite": [
        "By Jane Doe | 3 March 2025 | 2 min read",
        "By Jane Doe Published March 3, 2025 1:40pm EST",
        "Advertisement · Get the Sentinel's opinion newsletter",
    ],
    "credits": [
        "(Reporting by Signe Aagesen; Writing by Tom Kirkbride)",
        "(Reporting by Katell Roudaut in Brussels and the Moscow desk; Writing by Des Ekholm)",
        "(Reporting by Jane Doe in Warsaw. Editing by John Roe.)",
        "Additional reporting by John Roe in Athens.",
        "The Associated Press contributed to this report.",
        "bch/ mnk/",
        "More to follow...",
        "This is a developing story. Check back for updates.",
        "Our Standards: The Trust Principles.",
    ],
    "timestamp": [
        "Published 13:40 GMT",
        "Updated 3 hours ago",
        "2 min read",
        "March 3, 2025",
        "Monday, 3 March 2025, 14:05",
        "2025-03-03 14:05",
        "First published on Mon 3 Mar 2025 08.00 GMT",
        "Updated 1:40 PM EST, Mon March 3, 2025",
        "13:40",
        "13:40 GMT",
        "Published: 13:40, 3 March 2025 | Updated: 15:20, 3 March 2025",
        "2 hours ago",
        "Last updated on 3 March 2025 at 13:40",
        "5 min read · Updated March 3, 2025",
        "PUBLISHED : 13:40, 3 MAR 2025",
    ],
    "caption": [
        "Photo: Ministry of Defence",
        "Image source, Getty Images",
        "Image caption, The minister spoke on Monday",
        "[Jane Doe/AFP]",
        "(AP Photo/Jane Doe)",
        "Jane Doe/Getty Images",
        "The minister speaks in Kyiv. (AP Photo/Jane Doe)",
        "Soldiers train near the border on March 3 [Jane Doe/Reuters]",
        "Defence Secretary Jon Roe rules out boots on the ground Credit: Alamy",
        "A cadet assembles a training drone. © Kontrapunkt",
        "*Photo: The prime minister in Przemyśl. Fot. T. Kulpa*",
        "FILE - Minister Roe attends a meeting, March 3, 2025.",
        "Photo credit: Jane Doe",
        "Photo by Jane Doe on behalf of the ministry",
        "Stock photo",
    ],
    "newsletter": [
        "Sign up for our newsletter",
        "Sign up here to get the latest news delivered to your inbox",
        "Subscribe to our Telegram channel",
        "Got a story? Ring our news desk on 0000 000000",
        "Support us or become our patron!",
        "Join our Telegram channel",
        "Get the Harbour app",
        "Support independent journalism",
        "Become a member",
        "Log in",
        "Sign in to continue reading",
        "Got a tip? Write to our newsroom.",
        "Was this forwarded to you? Sign up here.",
        "You are receiving this because you subscribed. Unsubscribe · Archive",
    ],
    "cookies": [
        "We use cookies to give you the best experience. By continuing you accept our policy.",
        "This website uses cookies. Accept all",
    ],
    "follow": [
        "Follow us on X",
        "Follow The Courier on Facebook and Instagram",
        "Follow Jane Doe on Twitter @janedoe",
        "Add The Courier as a preferred source on Google",
        "Follow us on Facebook, X and Instagram for the latest news",
    ],
    "copyright": [
        "© 2025 Baltic Courier. All rights reserved.",
        "Copyright 2025 Gray Pine. All rights reserved.",
        "The Courier is not responsible for the content of external sites.",
    ],
    "comments": [
        "Leave a comment",
        "Comments",
        "If you notice a spelling mistake, select it and press Ctrl+Enter",
        "View comments",
        "Did you find an error? Write us!",
    ],
    "tags": [
        "Tags: Ukraine, NATO, troops",
        "#Ukraine #NATO",
        "https://courier.example/a/b",
    ],
    "listen": [
        "Listen to this article",
        "Listen to this story · 3 min",
    ],
    "navigation": [
        "Home | News | World",
        "Home News World Sport Opinion",
        "Home > World > Europe > Ukraine",
        "Skip to main content",
        "Privacy policy",
    ],
    "separator": [
        "***",
    ],
}

TEXT = [
    "By Monday, the minister had said no",
    "By Monday Evening",
    "By Any Means Necessary",
    "By then the soldiers had left.",
    "By Friday the government in Warsaw had changed its mind",
    'JANE DOE: "We will not go."',
    'READ: "We will not go."',
    "Background: France had proposed a force in February.",
    'Quote: "We will not send anyone."',
    "Details: The minister said so on Monday.",
    "Source: Ministry of Defence on Telegram",
    "- No ground troops under any flag",
    "13:40 The minister rules out troops",
    "13:40 GMT The minister rules out troops.",
    "— Jane Doe (@jdoe) March 3, 2025",
    "— Ministry of Defence (@mod) March 3, 2025",
    "No comment.",
    "No comment",
    '"No comment."',
    "Would you send soldiers?",
    "Share prices fell on Monday.",
    "Share the burden, the minister told allies.",
    "Follow us, the general told the recruits.",
    "Subscribe to that view and Kyiv is lost, he said.",
    "Watch what they do, not what they say.",
    "Read more carefully, he said.",
    '"Read more: history," she said.',
    "Related to this is the question of who commands.",
    "Photo opportunities are over, she said.",
    "France, Germany and Poland ruled it out.",
    "Poland",
    "UK",
    "Ukraine",
    "France: no troops",
    "The minister said so. (AFP)",
    "Updated figures show 2,000 soldiers.",
    "Published figures are wrong.",
    "May is out.",
    "Support for the plan has now grown.",
    "Support for Kyiv means sending troops here and now.",
    "Get out of Ukraine now.",
    "Join the coalition now or be left behind.",
    "Live fire was heard.",
    "World leaders met in Paris.",
    "Editing history is dangerous, she said.",
    "End the war.",
    "Video evidence shows soldiers, he said.",
    "Picture this: ten thousand men.",
    "Jane Doe, the defence minister, said no.",
    "Jane Doe, defence minister",
    "Print this: we will go.",
    "Ten soldiers at 13:40",
    "2025 was a bad year.",
    "The NATO/EU force is dead.",
    "The use of cookies as bait by Russian agents has the consent of nobody, he said.",
    "Copyright is not our concern.",
    "No troops",
    "Register your troops here",
    "Read the statement again.",
    "Contact us when there is a ceasefire, he said.",
    "More on Ukraine than on Gaza",
    "Image matters: a general explains",
    "More troops",
    "Home front: the reserve",
    "Topics discussed were troops and money.",
    "Ends and means",
    "More from Paris was not to be had.",
    "See more clearly.",
    "Back to the barracks!",
    '"See also: Munich," she wrote.',
    "With help from Paris the brigade will go.",
    "We will send trainers. [She laughs]",
    '"We shall go" (applause)',
    "Try the other plan now.",
    "Contact us.",
    "Asked again: no.",
    "Copyright law has nothing to do with it, the minister said.",
    "Find a seat at the table in Google's shadow",
    "Like it or not, we go on.",
    "Add soldiers on the ground via Poland",
    "Join Nato on X terms",
    'More: "We will go," he said',
    "More troops: the minister said no",
    "Two more: we go.",
    "The next editor",
    "Interview: the general said no",
    "Next week: he said he would decide.",
]


@pytest.mark.parametrize(
    ("rule", "block"), [(rule, block) for rule, blocks in FURNITURE.items() for block in blocks]
)
def test_furniture(rule, block):
    assert furniture_rule(block) == rule


@pytest.mark.parametrize("block", TEXT)
def test_text(block):
    assert furniture_rule(block) is None


def test_every_rule_has_examples():
    assert {rule.name for rule in RULES} <= FURNITURE.keys()


@pytest.mark.parametrize(
    "block", ["  Read\n  more: Who   pays\u00a0for it ", "**Read more:** Who pays"]
)
def test_white_space_and_emphasis_do_not_matter(block):
    assert is_furniture(block)


def test_long_blocks_are_text():
    assert not is_furniture("Read more: " + "who pays for the force " * (LONGEST // 20))


@pytest.mark.parametrize(
    "unit", ["Latest news ", "By A B ", "Jane Doe and ", "March 3 ", "a/", "cookies we ", "( "]
)
def test_no_block_takes_long(unit, benchmark_seconds):
    block = (unit * LONGEST)[: LONGEST - 2] + "!?"
    assert benchmark_seconds(lambda: furniture_rule(block)) < 0.2


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_judged(block):
    assert is_furniture(block) is (furniture_rule(block) is not None)
