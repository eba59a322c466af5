// SPDX-License-Identifier: GPL-3.0-or-later
// Whether a value is as a schema of the API's description says.

export const TYPES = ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'];

export const resolveIn = (api, schema) =>
    schema.$ref
        ? schema.$ref
              .slice(2)
              .split('/')
              .reduce((at, name) => at[name], api)
        : schema;

const typeOf = (value) =>
    value === null ? 'null' : Array.isArray(value) ? 'array' : Number.isInteger(value) ? 'integer' : typeof value;

/* What of 'value' is not as 'schema' says; only the words that our description uses. */
export function complaintsIn(api, raw, value, place = '') {
    const schema = resolveIn(api, raw);
    if (schema.anyOf) return complaintsOfChoice(api, schema.anyOf, value, place);
    const type = typeOf(value);
    const types = schema.type === undefined ? TYPES : [schema.type].flat();
    if (!types.includes(type) && !(type === 'integer' && types.includes('number'))) return [`${place} is ${type}`];
    if (schema.enum && value !== null && !schema.enum.includes(value)) return [`${place} is ${value}`];
    if (type === 'array') return complaintsOfList(api, schema, value, place);
    return type === 'object' ? complaintsOfObject(api, schema, value, place) : complaintsOfPlain(schema, value, place);
}

/* Those of the alternative that fits best. */
function complaintsOfChoice(api, schemas, value, place) {
    const all = schemas.map((schema) => complaintsIn(api, schema, value, place));
    return all.reduce((best, next) => (next.length < best.length ? next : best));
}

const isOutside = (number, low, high) => number < (low ?? -Infinity) || number > (high ?? Infinity);

function complaintsOfList(api, schema, value, place) {
    const items = value.flatMap((item, i) => complaintsIn(api, schema.items ?? {}, item, `${place}/${i}`));
    return isOutside(value.length, schema.minItems, schema.maxItems)
        ? [`${place} has ${value.length}`, ...items]
        : items;
}

function complaintsOfPlain(schema, value, place) {
    if (typeof value === 'number' && isOutside(value, schema.minimum, schema.maximum)) return [`${place} is ${value}`];
    if (typeof value !== 'string') return [];
    if (isOutside([...value].length, schema.minLength, schema.maxLength))
        return [`${place} has ${value.length} letters`];
    if (schema.pattern && !new RegExp(schema.pattern, 'u').test(value)) return [`${place}: ${value}`];
    const isTime = /^\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value);
    return schema.format === 'date-time' && !isTime ? [`${place} is no time: ${value}`] : [];
}

function complaintsOfObject(api, schema, value, place) {
    const known = schema.properties ?? {};
    const missing = (schema.required ?? [])
        .filter((name) => !(name in value))
        .map((name) => `${place}/${name} is missing`);
    const found = Object.entries(value).flatMap(([name, child]) => {
        if (name in known) return complaintsIn(api, known[name], child, `${place}/${name}`);
        if (schema.additionalProperties === false) return [`${place}/${name} is not described`];
        return typeof schema.additionalProperties === 'object'
            ? complaintsIn(api, schema.additionalProperties, child, `${place}/${name}`)
            : [];
    });
    return [...missing, ...found];
}
