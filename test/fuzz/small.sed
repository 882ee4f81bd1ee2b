# The text of the built-in ruleset, a line for each key, made small: a policy without lists, short texts, few rows

s/, "[a-z_]+": (\[[^]]*\]|\{[^{}]*\})//g
s/"denial_modifier": "GY"/"denial_modifier": null/
/^"policy"/s/"name": "[^"]*"/"name": "p"/
/^"edition"/s/"name": "[^"]*"/"name": "e"/
/^"(policy|edition|rules)"/s/([:,]) /\1/g

s/\["([a-z0-9-]*)","[^"]*","([a-z]*)","([^"\]|\\.)*","([^"\]|\\.)*","([a-z ]*)"\]/["\1","f","\2","t","c","\5"]/g
s/"f","(unknown|review)"/"f","deny"/g

s/^"codes": .*/"codes":[["97124","timed therapy pmr with-cmt",null,null,null],\
["97140","timed therapy pmr with-cmt",null,null,null],\
["98941","cmt",3,4,null],\
["98940","cmt",1,2,null],\
["98943","cmt-extraspinal",null,null,1],\
["99213","em",null,null,null],\
["97164","therapy reeval pmr",null,null,null]],/
s/^"scope": .*/"scope":[["97124","set"],\
["98941","whole"],\
["97164","none"]],/
s/^"ptp": .*/"ptp":[["98941","97124","2002-04-01",null,1,"why"],\
["97164","97124",null,"2021-12-31",0,null],\
["97164","97124","2022-01-01",null,9,"gone"],\
["98941","97140",null,null,1,"why"]],/
s/^"mue": .*/"mue":[["97124",4,3,null,null],\
["98941",1,2,"2015-01-01","2022-12-31"],\
["98941",0,1,"2023-01-01",null]],/
s/^"modifiers": .*/"modifiers":[["59",null,"bypass-either distinct",null,null,null,null],\
["XS","2015-01-01","bypass-either distinct specific",null,null,null,null],\
["XE","2015-01-01","bypass-either distinct specific",null,null,null,null],\
["GP",null,"discipline",null,null,null,null],\
["CQ","2020-01-01","assistant","therapy","em","GP","2020-01-01"],\
["AT",null,"active","cmt",null,null,null],\
["GA",null,"liability abn",null,null,null,null],\
["25",null,"bypass-em","em",null,null,null],\
["LT",null,"anatomic bypass-column2",null,null,null,null]],/
s/^"modifier_conflicts": .*/"modifier_conflicts":[["59","XS","2015-01-01","deny"],\
["XE","XS",null,"review"]],/
s/^"regions": .*/"regions":[["M542","cervical"],\
["M99","thoracic lumbar"],\
["M9901","cervical"],\
["R51",""]],/
s/^"denials": .*/"denials":[["mod-missing","AT","CO-50",null,null,null,null,null],\
["ptp",null,"CO-236","2010-01-01",null,"M15",null,"2019-12-31"],\
["ptp",null,"CO-97",null,"2009-12-31",null,null,null]],/
s/^"specialties": .*/"specialties":[["65","GP"],\
["225700000X","GP"]],/
s/^"gaps": .*/"gaps":[["2021-01-01","2021-03-31"],["2021-07-01","2021-07-01"]],/
s/^"mue_whole": .*/"mue_whole":[["2020-10-01","2020-12-31"],["2022-01-01","2024-09-30"]],/
s/^"coverage": .*/"coverage":[["mue",null,null,null,"2026-06-30",null],\
["ptp","97124",null,"2020-10-01","2026-12-31",null],\
["ptp","98941","97124","2020-10-01","2024-09-30","a note"]],/
s/^"taxonomies": .*/"taxonomies":[["225X","67"],\
["111N","35"]],/
s/^"code_modifiers": .*/"code_modifiers":[["RH","A0021","A0999"]],/
s/^"additional": .*/"additional":[["97130","97129"]],/
s/^"addon": .*/"addon":[["97124",null,2,"2021-01-01",null],\
["97130","97124",3,null,null],\
["97130",null,3,"2022-01-01",null],\
["97130","97129",1,null,"2023-12-31"]],/
s/^"replacements": .*/"replacements":[["98941","97124","the record shows it"]]}/
