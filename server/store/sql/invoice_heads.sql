-- Invoices without their lines and taxes.
SELECT @invoice_head_columns@, '[]' AS lines, '[]' AS taxes
  @invoice_tables@
 WHERE i.id = ANY (:ids::uuid[])
