"""The stages of the pipeline, one file each: `run(run)` does what is not done yet."""
