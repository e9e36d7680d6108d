import subprocess
import sys

import pytest

from stance.ingest import detect_language

ENGLISH = (
    "The minister said on Monday that no soldier would leave the country, and that the government "
    "had never been asked. She would not say what the allies thought, but they were free to go. "
)
GERMAN = (
    "Der Minister sagte am Montag, dass keine Soldaten das Land verlassen würden, und dass die "
    "Regierung nie gefragt worden sei. Was die Verbündeten davon hielten, wollte er nicht sagen. "
)
UKRAINIAN = "Міністр сказав у понеділок, що жоден солдат не поїде, бо уряд про це ніхто не питав. "
DANISH = (
    "Ministeren sagde at regeringen har besluttet at det var for tidligt, og at hun ikke ville "
    "have soldater med i det her. Han var for at have flere i landet, og hun var imod. "
)
FRENCH = (
    "Le ministre a déclaré lundi qu'aucun soldat ne quitterait le pays et que le gouvernement "
    "n'avait jamais été consulté. Il n'a pas voulu dire ce que les alliés en pensaient. "
)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("", "en"),
        ("1234 – 56 %", "en"),
        (ENGLISH, "en"),
        (ENGLISH * 50, "en"),
        (GERMAN, "de"),
        (GERMAN * 50, "de"),
        (FRENCH * 3, "fr"),
        (DANISH * 3, "da"),
        (UKRAINIAN * 4, "uk"),
        (UKRAINIAN, "uk"),
        # too short to tell
        ("Tammik rules out troops", "en"),
        ("Macron: no", "en"),
        ("Emmanuel Macron Volodymyr Zelenskyy", "en"),
        ("Nein", "en"),
        # names do not make an article foreign, nor a menu an article English
        (ENGLISH + "Łukasz Żak, Šárka Čech, Jürgen Groß, Élodie Lefèvre. " * 3, "en"),
        ("Home News World Sport Opinion " + GERMAN * 20, "de"),
    ],
)
def test_language(text, language):
    assert detect_language(text) == language


def test_english_needs_no_model():
    code = (
        f"import sys; from stance.ingest import detect_language; detect_language({ENGLISH!r} * 2);"
        "sys.exit('py3langid' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_import_is_light():
    heavy = "trafilatura", "sentencex", "py3langid", "pyarrow", "pandas", "numpy"
    code = f"import sys, stance.ingest; sys.exit(any(m in sys.modules for m in {heavy!r}))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
