"""perfeval: exact, explained scores for project performance evaluations (项目支出绩效评价)."""

__version__ = "0.1.0"
