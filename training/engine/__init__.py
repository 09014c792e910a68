"""Rollout engines. `protocol.TrainingEngine` is what training needs; `local.LocalEngine` runs in process."""
