(:active::boolean IS NULL OR active = :active::boolean)
   AND (:q::text IS NULL OR fold_text(name) LIKE :q::text)
