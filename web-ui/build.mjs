// SPDX-License-Identifier: GPL-3.0-or-later
// Bundles the UI, the browser SDK and the demo shop.
//
//   node build.mjs OUT [OUT/web_assets.c OUT/web_assets.S DEPFILE]
//   node build.mjs --package OUT
//
// OUT gets the files as a browser asks for them: index.html, assets/NAME-HASH.js and .css, sdk/, demo/. With
// the other names the same files are also written as one table in C, for the server to carry. With
// --package it gets the SDK as modules with their types, as npm packs them.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeDemo } from './demo/make.mjs';
import { embed } from './embed.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const isPackage = process.argv[2] === '--package';
const [out, cFile, asmFile, depFile] = process.argv.slice(isPackage ? 3 : 2).map((path) => resolve(path));

// The packages of package-lock.json, exactly; nothing is asked for when they are there.
function install() {
    const kept = join(here, 'node_modules/.package-lock.json');
    const lock = join(here, 'package-lock.json');
    if (existsSync(kept) && statSync(kept).mtimeMs >= statSync(lock).mtimeMs) return;
    execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'], {
        cwd: here,
        stdio: ['ignore', 2, 2],
    });
}

install();
const esbuild = await import('esbuild');
const { minify } = await import('terser');

async function bundleApp() {
    const result = await esbuild.build({
        absWorkingDir: here,
        entryPoints: { app: 'app/main.tsx' },
        outdir: join(out, 'assets'),
        entryNames: '[name]-[hash]',
        chunkNames: '[name]-[hash]',
        assetNames: '[name]-[hash]',
        bundle: true,
        splitting: true,
        format: 'esm',
        target: 'es2021',
        minify: true,
        metafile: true,
        legalComments: 'none',
        jsx: 'automatic',
        jsxImportSource: 'preact',
        loader: { '.svg': 'dataurl' },
    });
    const entry = Object.entries(result.metafile.outputs).find(([, o]) => o.entryPoint === 'app/main.tsx');
    const name = (path) => path.split('/').pop();
    const page = readFileSync(join(here, 'app/index.html'), 'utf8')
        .replace('{app.js}', `/assets/${name(entry[0])}`)
        .replace('{app.css}', `/assets/${name(entry[1].cssBundle)}`);
    writeFileSync(join(out, 'index.html'), page);
    return Object.keys(result.metafile.inputs);
}

// Nothing here asks a function for its arguments, or a property for more than its value.
const BOLD = { unsafe_arrows: true, unsafe_methods: true, pure_getters: true, keep_fargs: false };

const SDK = { bundle: true, target: 'es2019', legalComments: 'none' };

// Names of properties that the SDK's parts share, and nobody else: neither the DOM, nor the edge, nor a page.
// All parts shorten them alike.
const OWN = (
    'isGiven give enter look leave isOn scan undo holds again applied tries touched occasions ' +
    'loadWidget expose allowsHtml fire isFree claim rare trusted ordinary decision namesOf ' +
    'readCommerce watchShop watchSelectors askForCookie onMoment reported ' +
    'ask evaluate kinds runs show late change'
).split(' ');
const SHORT = Object.fromEntries(OWN.map((name, i) => [name, String.fromCharCode(i < 26 ? 97 + i : 39 + i)]));

// Each file of sdk/entries becomes one script at the edge's root. Every visitor loads it: terser makes it a
// twentieth smaller than esbuild does.
async function bundleSdk() {
    const result = await esbuild.build({
        ...SDK,
        minifySyntax: true,
        metafile: true,
        write: false,
        absWorkingDir: here,
        entryPoints: readdirSync(join(here, 'sdk/entries')).map((file) => `sdk/entries/${file}`),
        outdir: join(out, 'sdk'),
        entryNames: '[name]',
        format: 'iife',
        mangleProps: new RegExp(`^(${OWN.join('|')})$`),
        mangleCache: SHORT,
    });
    mkdirSync(join(out, 'sdk'), { recursive: true });
    for (const { path, text } of result.outputFiles) {
        const { code } = await minify(text, { ecma: 2019, compress: { passes: 6, inline: 1, ...BOLD } });
        writeFileSync(path, code);
    }
    return Object.keys(result.metafile.inputs);
}

async function packSdk() {
    await esbuild.build({
        ...SDK,
        absWorkingDir: join(here, 'sdk'),
        entryPoints: {
            index: 'index.ts',
            late: 'late/late.ts',
            local: 'local/index.ts',
            widgets: 'widgets/widgets.ts',
            qa: 'qa/overlay.ts',
            say: 'say/say.ts',
            shop: 'shop/index.ts',
        },
        outdir: out,
        format: 'esm',
        minifySyntax: true,
    });
    execFileSync(
        process.execPath,
        [
            join(here, 'node_modules/typescript/bin/tsc'),
            '-p',
            join(here, 'sdk'),
            '--noEmit',
            'false',
            '--declaration',
            '--emitDeclarationOnly',
            '--outDir',
            join(out, 'types'),
        ],
        { stdio: ['ignore', 2, 2] },
    );
}

if (isPackage) {
    rmSync(out, { recursive: true, force: true });
    await packSdk();
    process.exit(0);
}
for (const folder of ['assets', 'demo', 'sdk']) rmSync(join(out, folder), { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const inputs = [...(await bundleApp()), ...(await bundleSdk()), ...(await makeDemo(esbuild, join(out, 'demo')))];
if (cFile) {
    const made = embed(out, cFile, asmFile);
    const sources = [...inputs, 'app/index.html', 'package-lock.json', 'build.mjs', 'embed.mjs', ...made].map((path) =>
        resolve(here, path).replaceAll(' ', '\\ '),
    );
    writeFileSync(depFile, `${cFile} ${asmFile}: ${[...new Set(sources)].join(' ')}\n`);
}
