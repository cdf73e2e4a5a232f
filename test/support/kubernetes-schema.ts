import { execa } from 'execa';

/** Debian's own: its packages for Python belong to it, whatever else comes first in the PATH. */
const python = '/usr/bin/python3';

/**
 * Compares documents with Kubernetes' API as its Python client has it, which is generated from the API's own description:
 * fields that are not there, values of another type, required fields that are missing, words that are not among those
 * allowed. Quantities are wanted as texts.
 */
const program = `
import json, sys
from kubernetes.client import models

plain = {'str': str, 'int': int, 'bool': bool, 'float': (int, float)}

def check(value, kind, path):
    if kind.startswith('list['):
        if not isinstance(value, list):
            yield path + ': is no list'
            return
        for i, part in enumerate(value):
            yield from check(part, kind[5:-1], '%s[%d]' % (path, i))
    elif kind.startswith('dict('):
        if not isinstance(value, dict):
            yield path + ': is no mapping'
            return
        for key, part in value.items():
            yield from check(part, kind[5:-1].split(', ')[1], path + '.' + key)
    elif kind in plain:
        if not isinstance(value, plain[kind]) or (isinstance(value, bool) and kind != 'bool'):
            yield '%s: is %s, no %s' % (path, json.dumps(value), kind)
    elif hasattr(models, kind):
        yield from check_object(value, getattr(models, kind), path)

def check_object(value, model, path):
    if not isinstance(value, dict):
        yield path + ': is no mapping'
        return
    names = {field: name for name, field in model.attribute_map.items()}
    known = {}
    for key, part in value.items():
        if key not in names:
            yield path + '.' + key + ': is not known'
            continue
        known[names[key]] = part
        yield from check(part, model.openapi_types[names[key]], path + '.' + key)
    try:
        model(**known)
    except ValueError as error:
        yield '%s: %s' % (path, error)

for document in json.load(sys.stdin):
    name = '%s %s' % (document.get('apiVersion'), document.get('kind'))
    model = getattr(models, {'v1': 'V1', 'apps/v1': 'V1'}.get(document.get('apiVersion'), '?') + str(document.get('kind')), None)
    for fault in [name + ': is no kind that is known'] if model is None else check_object(document, model, name):
        print(fault)
`;

/** What Kubernetes' API would not take of the documents, one fault each; the test needs `kubernetes`. */
export async function kubernetesFaults(documents: readonly unknown[]): Promise<readonly string[]> {
  const { stdout } = await execa(python, ['-c', program], { input: JSON.stringify(documents) });
  return stdout.split('\n').filter((line) => line !== '');
}
