"""Pictures of results. Matplotlib is imported when the first is drawn; `pip install patronage[plot]` has it."""
