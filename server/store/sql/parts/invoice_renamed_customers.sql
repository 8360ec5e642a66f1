renamed AS MATERIALIZED (
  SELECT c.id FROM customers c WHERE c.renamed AND fold_text(c.name) LIKE :q::text)
