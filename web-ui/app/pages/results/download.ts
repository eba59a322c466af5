// SPDX-License-Identifier: GPL-3.0-or-later
// Results as files: the API's JSON, a table as CSV, a picture as PNG.
import type { Results } from '../../../generated/results';
import { csvOfRows, save } from '../../lib/file';

export function saveJson(results: Results): void {
    save(new Blob([JSON.stringify(results, null, 2)], { type: 'application/json' }), `${results.campaign}.json`);
}

const HEAD = [
    'metric',
    'variant',
    'visitors',
    'sum',
    'value',
    'baseline',
    'uplift',
    'p',
    'p_always_valid',
    'uplift_low_always_valid',
    'uplift_high_always_valid',
    'chance_to_win',
    'expected_loss',
    'uplift_low_credible',
    'uplift_high_credible',
];

export function csvOf(results: Results): string {
    const rows = results.metrics.flatMap((metric) =>
        metric.variants.map((arm) => {
            const e = arm.effect;
            return [
                metric.key,
                arm.key,
                arm.units,
                arm.sum,
                arm.value,
                results.control,
                e?.frequentist.uplift,
                e?.frequentist.p,
                e?.sequential?.p,
                ...(e?.sequential?.uplift_interval ?? [null, null]),
                e?.bayesian.chance_to_win,
                e?.bayesian.expected_loss,
                ...(e?.bayesian.uplift_interval ?? [null, null]),
            ];
        }),
    );
    return csvOfRows([HEAD, ...rows]);
}

export function saveCsv(results: Results): void {
    save(new Blob([csvOf(results)], { type: 'text/csv;charset=utf-8' }), `${results.campaign}.csv`);
}

const PNG_SCALE = 2;

/* All pictures of the page, one below the other. Colours are variables of the page: they are resolved
 * before the picture leaves it. */
export async function savePng(results: Results, pictures: SVGSVGElement[]): Promise<void> {
    const ground = getComputedStyle(document.documentElement).getPropertyValue('--surface');
    const width = Math.max(...pictures.map((svg) => svg.clientWidth));
    const height = pictures.reduce((sum, svg) => sum + svg.clientHeight, 0);
    const canvas = Object.assign(document.createElement('canvas'), {
        width: width * PNG_SCALE,
        height: height * PNG_SCALE,
    });
    const context = canvas.getContext('2d')!;
    context.scale(PNG_SCALE, PNG_SCALE);
    context.fillStyle = ground;
    context.fillRect(0, 0, width, height);
    let top = 0;
    for (const svg of pictures) {
        context.drawImage(await imageOf(svg), 0, top);
        top += svg.clientHeight;
    }
    canvas.toBlob((blob) => blob && save(blob, `${results.campaign}.png`), 'image/png');
}

async function imageOf(svg: SVGSVGElement): Promise<HTMLImageElement> {
    const copy = svg.cloneNode(true) as SVGSVGElement;
    const style = getComputedStyle(document.documentElement);
    copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
    copy.setAttribute('width', String(svg.clientWidth));
    copy.setAttribute('height', String(svg.clientHeight));
    copy.style.color = style.getPropertyValue('--text');
    copy.style.fontFamily = style.getPropertyValue('--font');
    const text = new XMLSerializer()
        .serializeToString(copy)
        .replace(/var\((--[\w-]+)\)/g, (_, name: string) => style.getPropertyValue(name).trim().replaceAll('"', "'"));
    const image = new Image();
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
    await image.decode();
    return image;
}
