"""Changes to who follows the programme and to where a step stands: one module for each matter. Nothing here is called by a timer."""
