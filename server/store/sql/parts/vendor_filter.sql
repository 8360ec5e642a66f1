(:active::boolean IS NULL OR active = :active::boolean)
   AND (:q::text IS NULL OR lower(name) LIKE lower(:q::text))
