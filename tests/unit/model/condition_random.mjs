// SPDX-License-Identifier: GPL-3.0-or-later
// Conditions and attributes at random, rich in what compares oddly.

// prettier-ignore
const texts = ['', ' ', '0', '1', '01', '1.0', ' 7 ', '0x1f', '1e3', '-5', '.5', '5.', 'Infinity',
  'a', 'A', 'abc', 'ABC', 'aBc', 'ä', 'Ä', 'ß', 'İ', 'i̇', 'ΑΘΗΝΑΣ', 'αθηνας', 'Σ', 'σ', 'null', 'true',
  'false', '1,2', 'a,b', '[object Object]', '\ufb01', '😀', '\uffff', 'de_DE', '2024-01-31', '\u00a05',
  '2026-01-31T12:00:00Z', '2026-01-31T13:00:00+01:00', '2026-01-31 12:00:00.0000001z', '2026-02-30T00:00:00Z',
  '2026-01-31T11:59:59.999999Z', '2026-01-31', '2026-01-31T00:00:00-00:01', '2026-01-31T24:00:00Z', '1969-12-31',
  '1970-01-01T00:00:00+00:01', '9999-12-31T23:59:59-23:59', '2028-02-29', '2026-01-31T12:00Z', '2026-01-31T12:00:00',
  '1.2.3', 'v1.2.3', '1.2.3-rc.1', '1.10.0', '1.9.0', '2.0', '1.2.3+7', '1.2', 'v2', '1.2.3.4'];
// prettier-ignore
const numbers = [0, 1, 2, 3, -1, 0.1, 1.5, 7, 10, 31, 1000, 1e21, 1e-7, 123456789012345680000,
  0.000001, 5e-324, 1.7976931348623157e308, 2 ** 53, 4.35, 100.0];
const keys = ['a', 'b', 'c', 'tags', 'x.y', 'tags.0', 'tags.length', 'deep.er.still', '1', 'a.b'];

const patterns = ['^a', 'b$', '^..?$', '\\d+', '^\\w*$', '[A-C]', '[^a]', '(', '1|2', '^\\s*$', 'null', 'a.b'];
const types = ['null', 'string', 'number', 'boolean', 'array', 'object', 'undefined'];
// prettier-ignore
const names = ['$eq', '$ne', '$lt', '$lte', '$gt', '$gte', '$lt', '$gt', '$veq', '$vne', '$vlt', '$vlte', '$vgt',
  '$vgte', '$exists', '$in', '$nin', '$ini', '$nini', '$inGroup', '$notInGroup', '$not', '$size', '$elemMatch',
  '$all', '$alli', '$regex', '$regexi', '$notRegex', '$notRegexi', '$type', '$unknown'];

function randomValues(r) {
    const scalar = () => {
        const n = r.below(10);
        if (n < 5) return r.pick(texts);
        if (n < 8) return r.pick(numbers);
        return n < 9 ? r.below(2) === 1 : null;
    };
    const list = (make, most = 4) => Array.from({ length: r.below(most) }, make);
    const value = (depth = 0) => {
        const n = r.below(10);
        if (depth > 2 || n < 6) return scalar();
        if (n < 8) return list(() => value(depth + 1));
        return Object.fromEntries(list(() => [r.pick(['a', 'b', 'x', 'y', '2', '1']), value(depth + 1)]));
    };
    return { scalar, list, value, plain: () => (r.below(4) ? scalar() : value()) };
}

function randomAttributes(r, { scalar, list, value }) {
    const made = {};
    for (const key of ['a', 'b', 'c', '1']) if (r.below(3)) made[key] = value();
    if (r.below(3)) made.tags = list(() => (r.below(6) ? scalar() : value()));
    if (r.below(3)) made.x = r.below(4) ? { y: value() } : scalar();
    if (r.below(3)) made.deep = { er: { still: value() } };
    return made;
}

/* What stands behind each operator; one that is not named here has any value. */
function operands(r, { scalar, list }, { test, operators, condition }) {
    const among = () => (r.below(8) ? list(scalar, 6) : scalar());
    const group = () => r.pick(['g1', 'g2', 'none']);
    const all = (depth) => list(() => test(depth + 1), 3);
    const pattern = () => r.pick(patterns);
    return {
        $exists: () => r.pick([true, false, 1, 0, null, '']),
        ...{ $in: among, $nin: among, $ini: among, $nini: among },
        ...{ $inGroup: group, $notInGroup: group, $all: all, $alli: all },
        $not: (depth) => test(depth + 1),
        $size: (depth) => (r.below(2) ? r.below(4) : test(depth + 1)),
        $elemMatch: (depth) => (r.below(2) ? operators(depth + 1) : condition(depth + 1)),
        ...{ $regex: pattern, $regexi: pattern, $notRegex: pattern, $notRegexi: pattern },
        $type: () => r.pick(types),
    };
}

export function randomConditions(r) {
    const values = randomValues(r);
    const { list, plain } = values;
    const operator = (depth) => {
        const name = r.pick(names);
        return [name, (operand[name] ?? plain)(depth)];
    };
    const operators = (depth) => Object.fromEntries(Array.from({ length: 1 + r.below(2) }, () => operator(depth)));
    const test = (depth) => (depth < 4 && r.below(3) ? operators(depth) : plain());
    const condition = (depth = 0) => {
        const made = {};
        for (let i = r.below(depth ? 3 : 2) + (depth ? 0 : 1); i > 0; i--) made[r.pick(keys)] = test(depth);
        if (depth < 3 && r.below(4) === 0) made[r.pick(['$or', '$nor', '$and'])] = list(() => condition(depth + 1), 3);
        if (depth < 3 && r.below(8) === 0) made.$not = condition(depth + 1);
        return made;
    };
    const operand = operands(r, values, { test, operators, condition });
    return { texts, condition, attributes: () => randomAttributes(r, values) };
}
