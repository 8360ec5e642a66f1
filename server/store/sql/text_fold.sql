SELECT fold_text(:text::text) AS folded
