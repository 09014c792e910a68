"""Long2short (section 2.4): merge, shortest rejection sampling, DPO, and RL with a length penalty."""
