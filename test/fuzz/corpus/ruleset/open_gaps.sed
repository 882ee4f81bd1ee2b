# gaps that overlap and are open; limits that are whole on either side of a date
s/^"(codes|scope|ptp|mue|modifiers|modifier_conflicts|regions|denials|specialties|gaps)":.*/"\1":[],/
s/^"mue_whole":.*/"mue_whole":[],/
s/"scope":"listed"/"scope":"all"/
s/^"gaps":.*/"gaps":[[null,"2020-12-31"],["2020-11-01",null]],/
s/^"mue_whole":.*/"mue_whole":[["2022-01-01",null],[null,"2021-12-31"]],/
