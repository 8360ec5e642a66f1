DELETE FROM rollups
 WHERE document_count = 0 AND amount_minor = 0 AND net_minor = 0
