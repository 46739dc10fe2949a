"""What if: scores under other evidence, ways to a grade, and how firm a grade is."""
