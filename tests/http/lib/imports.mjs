// SPDX-License-Identifier: GPL-3.0-or-later
// Imports of small files into a server under test, and what is left of them.
import assert from 'node:assert/strict';
import { CliFolder } from './cli.mjs';
import { until } from './wait.mjs';

const TABLES = 'exposure outcome cohort moment overflow look distribution overlap since_exposure sweep phase'.split(
    ' ',
);

export const mapping = (key, more = {}) => ({
    campaign: { key, name: `Past ${key}`, control: 'a' },
    visitor: { column: 'id' },
    variant: { column: 'g' },
    time: { constant: '2024-06-10' },
    events: [{ name: 'purchase', value: { column: 'v' } }],
    metrics: [{ key: 'revenue_per_visitor' }],
    ...more,
});

/* The value of each variant. */
export const valuesOf = (results) =>
    Object.fromEntries(results.metrics[0].variants.map(({ key, value }) => [key, value]));

export class Imports extends CliFolder {
    /* Resolves with what `mete import` said of a file of the campaign's name. */
    async tell(key, csv, args = [], more = {}) {
        this.write('mapping.json', mapping(key, more));
        this.write(`${key}.csv`, csv);
        return this.run(['import', '--mapping', 'mapping.json', '--json', ...args, `${key}.csv`]);
    }

    async load(...args) {
        const { status, stdout, stderr } = await this.tell(...args);
        assert.equal(status, 0, stderr);
        return JSON.parse(stdout);
    }

    /* Begins to import so many rows, and is killed once some have arrived; resolves with the import's id. */
    async kill(key, rows) {
        const lines = Array.from({ length: rows }, (_, i) => `k${i},${i % 2 ? 'a' : 'b'},1`);
        this.write('mapping.json', mapping(key));
        this.write(`${key}.csv`, `id,g,v\n${lines.join('\n')}\n`);
        const started = this.start(this.#unhurried(key));
        await until(() => this.state(`${key}.json`)?.row > 0, 30_000, 'the first rows');
        started.child.kill('SIGKILL');
        assert.equal((await started.ended).status, 'SIGKILL', 'it was still at work');
        return (await this.campaign(key)).import;
    }

    resume(key) {
        return this.run(this.#unhurried(key));
    }

    #unhurried(key) {
        return ['import', '--mapping', 'mapping.json', '--state', `${key}.json`, '--connections', '1', `${key}.csv`];
    }

    async results(key) {
        return (await this.server.api('GET', `/campaigns/${key}/results`)).body;
    }

    async values(key) {
        return valuesOf(await this.results(key));
    }

    async campaign(key) {
        return (await this.server.api('GET', `/campaigns/${key}`)).body;
    }

    async show(id) {
        return (await this.server.api('GET', `/imports/${id}`)).body;
    }

    async takeBack(id) {
        const reply = await this.server.api('DELETE', `/imports/${id}`);
        assert.equal(reply.status, 204, reply.text);
    }

    untilGone(id) {
        const isGone = async () => (await this.show(id)).state === 'gone';
        return until(isGone, 30_000, `import ${id} to be gone`);
    }

    /* So many events of an import are stored. */
    stored(id) {
        return Number(this.server.psql(`select count(*) from visitor_event where import_of(visitor_id) = ${id}`));
    }

    /* The names of the tables that hold rows of a campaign, which may be gone itself. */
    tablesOf(campaignId) {
        const asked = TABLES.map((name) => `select '${name}' as name from ${name} where campaign_id = ${campaignId}`);
        return this.server.rows(asked.join(' union ')).map(({ name }) => name);
    }
}
