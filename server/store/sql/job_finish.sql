DELETE FROM jobs
 WHERE id = :id::uuid AND attempt = :attempt::integer
