"""A speaker's passage and what the model's logits mean."""
