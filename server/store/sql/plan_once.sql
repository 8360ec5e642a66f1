-- Until the end of the transaction, statements are planned once for all values.
SELECT set_config('plan_cache_mode', 'force_generic_plan', true) AS mode
