-- Shares on another basis than TREO are left out: nothing is made of them.
select project_id, oxide, closed_pct as share_pct from marts.composition_best where share_basis <> 'other'
