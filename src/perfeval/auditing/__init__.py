"""audit: what contradicts itself in rules, evidence, texts and a finished report. Each check is a file below this room."""
