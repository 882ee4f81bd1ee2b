#!/usr/bin/env python3
# test/dbt_render.py TEST MODEL ARGUMENTS [VARS]: the SQL of a generic test of dbt/, as dbt renders it; ARGUMENTS and VARS are JSON.
# test/dbt_render.py macro NAME ARGUMENTS [VARS]: what a macro renders.
#
# dbt's Jinja has blocks {% test %}, which are macros, and functions: here are those that the package uses.  Its macros are called by
# the name of the package, too.
import glob
import json
import re
import sys

import jinja2


class Returned(Exception):
    pass


def returning(macro):
    """dbt's return() ends a macro with a value, not a text."""
    def call(*args, **kwargs):
        try:
            return macro(*args, **kwargs)
        except Returned as returned:
            return returned.args[0]
    return call


def return_(value):
    raise Returned(value)


def load(variables):
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, extensions=['jinja2.ext.do'])
    texts = []
    for name in sorted(glob.glob('dbt/macros/*.sql') + glob.glob('dbt/tests/generic/*.sql')):
        with open(name, encoding='utf8') as file:
            text = file.read()
        text = re.sub(r'{%(-?)\s*test\s+(\w+)', r'{%\1 macro test_\2', text)
        texts.append(re.sub(r'{%(-?)\s*endtest', r'{%\1 endmacro', text))
    package = {}
    environment.globals.update({'return': return_, 'var': lambda name, default=None: variables.get(name, default), 'claimline': package})
    module = environment.from_string('\n'.join(texts))
    # macros of a package see one another as they stand
    environment.globals.update(package)
    made = module.make_module()
    for name in re.findall(r'{%-?\s*macro\s+(\w+)', '\n'.join(texts)):
        package[name] = returning(getattr(made, name))
    return package


kind, name, arguments = sys.argv[1:4]
package = load(json.loads(sys.argv[4]) if len(sys.argv) > 4 else {})
if kind == 'macro':
    print(package[name](**json.loads(arguments)))
else:
    print(package['test_' + kind](model=name, **json.loads(arguments)))
