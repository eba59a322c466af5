// SPDX-License-Identifier: GPL-3.0-or-later
// Whether a value is as a schema of the API's description says.

export const TYPES = ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'];

export const resolveIn = (api, schema) =>
    schema.$ref ? schema.$ref.slice(2).split('/').reduce((at, name) => at[name], api) : schema;

const typeOf = (value) =>
    value === null ? 'null' : Array.isArray(value) ? 'array' : Number.isInteger(value) ? 'integer' : typeof value;

/* What of 'value' is not as 'schema' says; only the words that our description uses. */
export function complaintsIn(api, raw, value, place = '') {
    const schema = resolveIn(api, raw);
    const type = typeOf(value);
    const types = schema.type === undefined ? TYPES : [schema.type].flat();
    if (!types.includes(type) && !(type === 'integer' && types.includes('number'))) return [`${place} is ${type}`];
    if (type === 'array') return value.flatMap((item, i) => complaintsIn(api, schema.items ?? {}, item, `${place}/${i}`));
    if (schema.enum && value !== null && !schema.enum.includes(value)) return [`${place} is ${value}`];
    if (schema.pattern && type === 'string' && !new RegExp(schema.pattern, 'u').test(value)) return [`${place}: ${value}`];
    return type === 'object' ? complaintsOfObject(api, schema, value, place) : [];
}

function complaintsOfObject(api, schema, value, place) {
    const known = schema.properties ?? {};
    const missing = (schema.required ?? []).filter((name) => !(name in value)).map((name) => `${place}/${name} is missing`);
    const found = Object.entries(value).flatMap(([name, child]) => {
        if (name in known) return complaintsIn(api, known[name], child, `${place}/${name}`);
        if (schema.additionalProperties === false) return [`${place}/${name} is not described`];
        return typeof schema.additionalProperties === 'object'
            ? complaintsIn(api, schema.additionalProperties, child, `${place}/${name}`)
            : [];
    });
    return [...missing, ...found];
}
