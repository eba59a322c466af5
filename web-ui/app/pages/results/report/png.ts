// SPDX-License-Identifier: GPL-3.0-or-later
// The page's pictures as one PNG: under the report's head, each with its title and legend.
import { save } from '../../../lib/file';
import type { ReportHead } from './report';

const SCALE = 2;
const MARGIN = 24;
const LINE = 1.45;

interface Picture {
    title: string;
    svg: SVGSVGElement;
    legend: { text: string; color: string }[];
}

const style = () => getComputedStyle(document.documentElement);
const token = (name: string): string => style().getPropertyValue(name).trim();

/* A colour as it is, of one that may be named by a variable. */
const colorOf = (color: string): string => color.replace(/var\((--[\w-]+)\)/g, (_, name: string) => token(name));

/* Those that are seen: what is folded away stays out. */
export function picturesOf(root: ParentNode): Picture[] {
    return [...root.querySelectorAll<SVGSVGElement>('.plot svg')]
        .filter((svg) => svg.clientWidth > 0)
        .map((svg) => {
            const part = svg.closest('details, section');
            const legend = svg.closest('.plot')?.parentElement?.parentElement?.querySelectorAll('.legend li') ?? [];
            return {
                title: part?.querySelector('h2, h3')?.textContent ?? '',
                svg,
                legend: [...legend].map((one) => ({
                    text: (one.textContent ?? '').replace('●', '').trim(),
                    color: colorOf(one.querySelector('span')?.style.color ?? ''),
                })),
            };
        });
}

async function imageOf(svg: SVGSVGElement): Promise<HTMLImageElement> {
    const copy = svg.cloneNode(true) as SVGSVGElement;
    copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
    copy.setAttribute('width', String(svg.clientWidth));
    copy.setAttribute('height', String(svg.clientHeight));
    copy.style.color = token('--text');
    copy.style.fontFamily = token('--font');
    const text = new XMLSerializer()
        .serializeToString(copy)
        .replace(/var\((--[\w-]+)\)/g, (_, name: string) => token(name).replaceAll('"', "'"));
    const image = new Image();
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
    await image.decode();
    return image;
}

/* Draws from above to below; without 'context' it only measures. */
class Sheet {
    top = MARGIN;

    constructor(
        private readonly context: CanvasRenderingContext2D,
        private readonly width: number,
        private readonly isDrawn: boolean,
    ) {}

    write(text: string, px: number, color: string, weight = '400'): void {
        this.context.font = `${weight} ${px}px ${token('--font')}`;
        this.context.fillStyle = token(color);
        for (const line of this.lines(text)) {
            this.top += px * LINE;
            if (this.isDrawn) this.context.fillText(line, MARGIN, this.top - px * 0.4);
        }
    }

    private lines(text: string): string[] {
        const lines: string[] = [];
        for (const word of text.split(/\s+/)) {
            const longer = lines.length ? `${lines[lines.length - 1]} ${word}` : word;
            const fits = this.context.measureText(longer).width <= this.width - 2 * MARGIN;
            if (lines.length && fits) lines[lines.length - 1] = longer;
            else lines.push(word);
        }
        return lines;
    }

    legend(entries: Picture['legend']): void {
        const px = 13;
        let left = MARGIN;
        this.context.font = `400 ${px}px ${token('--font')}`;
        if (entries.length) this.top += px * LINE;
        for (const { text, color } of entries) {
            const wide = this.context.measureText(text).width + 36;
            if (left > MARGIN && left + wide > this.width - MARGIN) {
                left = MARGIN;
                this.top += px * LINE;
            }
            if (this.isDrawn) {
                this.context.fillStyle = color;
                this.context.beginPath();
                this.context.arc(left + 5, this.top - px * 0.75, 5, 0, 2 * Math.PI);
                this.context.fill();
                this.context.fillStyle = token('--text');
                this.context.fillText(text, left + 16, this.top - px * 0.4);
            }
            left += wide;
        }
    }

    image(image: HTMLImageElement | undefined, height: number): void {
        if (this.isDrawn && image) this.context.drawImage(image, MARGIN, this.top);
        this.top += height;
    }
}

function lay(sheet: Sheet, head: ReportHead, pictures: Picture[], images: HTMLImageElement[]): number {
    sheet.write(head.title, 24, '--text', '700');
    sheet.write(head.dates, 13, '--text-soft');
    sheet.top += 8;
    sheet.write(head.answer, 13, '--text-soft', '600');
    sheet.write(head.verdict, 16, '--text');
    pictures.forEach(({ title, svg, legend }, i) => {
        sheet.top += MARGIN;
        sheet.write(title, 16, '--text', '600');
        sheet.image(images[i], svg.clientHeight);
        sheet.legend(legend);
    });
    return sheet.top + MARGIN;
}

export async function savePng(name: string, head: ReportHead, pictures: Picture[]): Promise<void> {
    const width = Math.max(360, ...pictures.map(({ svg }) => svg.clientWidth)) + 2 * MARGIN;
    const canvas = document.createElement('canvas');
    const context = canvas.getContext('2d')!;
    const height = lay(new Sheet(context, width, false), head, pictures, []);
    const images = await Promise.all(pictures.map(({ svg }) => imageOf(svg)));
    Object.assign(canvas, { width: width * SCALE, height: Math.ceil(height) * SCALE });
    context.scale(SCALE, SCALE);
    context.fillStyle = token('--surface');
    context.fillRect(0, 0, width, height);
    lay(new Sheet(context, width, true), head, pictures, images);
    canvas.toBlob((blob) => blob && save(blob, `${name}.png`), 'image/png');
}
