DELETE FROM period_claims
 WHERE invoice_id = :invoice_id::uuid
