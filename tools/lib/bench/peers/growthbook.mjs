// SPDX-License-Identifier: GPL-3.0-or-later
// Remote evaluation as its documentation tells to build it: express and @growthbook/proxy-eval. Copied to where
// those are installed. Argument: a file with the payload; prints the port.
import { readFileSync } from 'node:fs';
import express from 'express';
import { evaluateFeatures } from '@growthbook/proxy-eval';

const payload = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const app = express();
app.use(express.json());
app.post('/api/eval/:clientKey', async (request, response) => {
    const { attributes, forcedVariations, forcedFeatures, url } = request.body;
    response.json(
        await evaluateFeatures({
            payload,
            attributes,
            forcedVariations,
            forcedFeatures: new Map(forcedFeatures ?? []),
            url,
        }),
    );
});
const server = app.listen(0, '127.0.0.1', () => console.log(`port ${server.address().port}`));
