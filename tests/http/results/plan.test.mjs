// SPDX-License-Identifier: GPL-3.0-or-later
// The planner on the command line: what it prints, and how it refuses. No server is needed.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { metePath } from '../lib/paths.mjs';

const plan = (...args) => execFileSync(metePath(), ['plan', ...args], { encoding: 'utf8' });

test('a rate, an uplift and daily visitors: how long it takes', () => {
    const text = plan('--rate', '0.05', '--uplift', '0.1', '--daily', '4000');
    assert.match(text, /^conversion rate +5 % -> 5\.5 %, uplift \+10 %$/m);
    assert.match(text, /^visitors +31234 a variant, 62468 in all$/m);
    assert.match(text, /^duration +16 days: run it for 3 whole weeks$/m);
    const curve = text.split('Power by visitors\n')[1].split('\n');
    assert.equal(curve.length, 12);
    assert.ok(curve.every((line) => [...line].length <= 80));
    assert.match(curve[0], /^ 100 % +[▁▂▃▄▅▆▇█]+$/);
    assert.match(curve[10], /0 +124936$/);
});

test('the same as JSON', () => {
    const document = JSON.parse(plan('--mean', '10', '--sd', '30', '--visitors', '56000', '--variants', '2', '--json'));
    assert.equal(document.metric, 'mean');
    assert.equal(document.visitors_per_variant, 28_000);
    assert.ok(Math.abs(document.power - 0.8) < 1e-9);
    assert.ok(Math.abs(document.difference - 0.7103) < 1e-3);
    assert.equal(document.weeks, null);
    assert.equal(document.curve.length, 40);
});

test('what cannot be is refused with the option that says so', () => {
    const wrong = [
        [[], /--rate: either a rate or a mean is needed/],
        [['--rate', '1.5'], /--rate: "1.5" is not a number from 0 to 1/],
        [['--rate', '0.5', '--uplift', '2'], /--uplift: a rate of 0.5 cannot become 1.5/],
        [['--rate', '0.5', '--days', '3'], /--daily/],
        [['--rate', '0.5', '--uplift', '0.1', '--test', 'hopeful'], /--test: "hopeful"/],
        [['--rate', '0.5', '--uplift', '0.1', '--power', '1'], /--power: "1" is not/],
        [['--rate', '0.5', '--uplift', 'nan'], /--uplift: "nan" is not/],
        [['--rate', '0.5', '--speed', '1'], /--speed is not known/],
    ];
    for (const [args, sentence] of wrong) {
        const { status, stderr, stdout } = spawnSync(metePath(), ['plan', ...args], { encoding: 'utf8' });
        assert.equal(status, 2, args.join(' '));
        assert.match(stderr, sentence);
        assert.equal(stdout, '');
    }
});
