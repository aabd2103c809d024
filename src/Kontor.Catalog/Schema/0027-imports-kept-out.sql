-- Products whose rows were kept out of an import are not missing: found by their key. Locks: import_faults against writers
-- while the index is made.

create index import_faults_kept_out on import_faults (run, key collate "C") where fatal and key is not null;
