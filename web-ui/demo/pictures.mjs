// SPDX-License-Identifier: GPL-3.0-or-later
// The shop's product pictures, drawn: each a thing in a room, as SVG.

const gradient = (id, from, to, turn = 'x1="0" y1="0" x2="0" y2="1"') =>
    `<linearGradient id="${id}" ${turn}><stop offset="0" stop-color="${from}"/><stop offset="1" stop-color="${to}"/></linearGradient>`;
const across = 'x1="0" y1="0" x2="1" y2="0"';

/* The side of something round: light from the left. */
const round = (id, light, middle, dark) =>
    `<linearGradient id="${id}" ${across}><stop offset="0" stop-color="${middle}"/><stop offset=".28" stop-color="${light}"/><stop offset=".62" stop-color="${middle}"/><stop offset="1" stop-color="${dark}"/></linearGradient>`;
const shadow = (x, y, rx, ry, strength = 0.28) =>
    `<ellipse cx="${x}" cy="${y}" rx="${rx}" ry="${ry}" fill="#3b2c1c" opacity="${strength}" filter="url(#soft)"/>`;

function scene(wall, floor, defs, content, floorAt = 430) {
    return [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 600">',
        `<defs>${gradient('wall', ...wall)}${gradient('floor', ...floor)}`,
        '<filter id="soft" x="-50%" y="-100%" width="200%" height="300%"><feGaussianBlur stdDeviation="13"/></filter>',
        '<radialGradient id="sun" cx=".18" cy=".1" r=".9"><stop offset="0" stop-color="#fff" stop-opacity=".55"/><stop offset="1" stop-color="#fff" stop-opacity="0"/></radialGradient>',
        `${defs}</defs><rect width="600" height="600" fill="url(#wall)"/>`,
        floorAt ? `<rect y="${floorAt}" width="600" height="${600 - floorAt}" fill="url(#floor)"/>` : '',
        `<rect width="600" height="600" fill="url(#sun)"/>${content}</svg>`,
    ].join('');
}

const lamp = scene(
    ['#e9ded0', '#d8c7b2'],
    ['#b98f66', '#a47a52'],
    round('shade', '#4f6f66', '#35544b', '#1f3831') +
        gradient('wood', '#d9a86e', '#a87440', across) +
        '<radialGradient id="glow" cx=".5" cy="0" r="1"><stop offset="0" stop-color="#fff1c9" stop-opacity=".95"/><stop offset="1" stop-color="#fff1c9" stop-opacity="0"/></radialGradient>',
    `<path d="M232 250 L92 470 H430 L352 250Z" fill="url(#glow)" opacity=".75"/>
    ${shadow(330, 482, 150, 22)}
    <path d="M400 470 C470 360 450 190 330 168 Q300 162 292 190" fill="none" stroke="url(#wood)" stroke-width="17" stroke-linecap="round"/>
    <ellipse cx="388" cy="474" rx="92" ry="20" fill="#2a463e"/><ellipse cx="388" cy="467" rx="92" ry="20" fill="#3f6257"/>
    <ellipse cx="372" cy="463" rx="44" ry="7" fill="#6d8f84" opacity=".55"/>
    <ellipse cx="292" cy="252" rx="98" ry="22" fill="#fff3cf"/><ellipse cx="292" cy="250" rx="30" ry="9" fill="#fffdf3"/>
    <path d="M194 250 C196 180 248 150 292 150 C336 150 388 180 390 250 C372 230 336 226 292 226 C248 226 212 230 194 250Z" fill="url(#shade)"/>
    <rect x="281" y="134" width="22" height="20" rx="5" fill="#b98a55"/>`,
);

const brew = scene(
    ['#e6e6df', '#d2d5cb'],
    ['#d9cdbb', '#c5b59e'],
    round('clay', '#fbf7f0', '#e3d9ca', '#b8aa96') +
        gradient('glass', '#ffffff', '#c9d6d6', across) +
        gradient('coffee', '#6b3f22', '#3c2010') +
        gradient('cork', '#d5a877', '#b18453', across),
    `${shadow(310, 505, 150, 20)}
    <path d="M232 300 Q228 342 190 392 Q160 436 176 482 Q182 505 214 505 H386 Q418 505 424 482 Q440 436 410 392 Q372 342 368 300Z" fill="url(#glass)" opacity=".62"/>
    <path d="M178 425 Q164 455 177 484 Q183 503 214 503 H386 Q417 503 423 484 Q436 455 422 425Z" fill="url(#coffee)"/>
    <ellipse cx="300" cy="425" rx="122" ry="14" fill="#7d4d2c"/>
    <path d="M206 400 Q186 436 192 476" stroke="#fff" stroke-width="9" fill="none" opacity=".55" stroke-linecap="round"/>
    <rect x="226" y="292" width="148" height="34" rx="12" fill="url(#cork)"/><path d="M232 309 H368" stroke="#8a6238" stroke-width="3"/>
    <path d="M176 168 H424 L352 282 Q346 292 334 292 H266 Q254 292 248 282Z" fill="url(#clay)"/>
    <ellipse cx="300" cy="168" rx="124" ry="24" fill="#efe7da"/><ellipse cx="300" cy="170" rx="108" ry="18" fill="#5a3520"/><ellipse cx="286" cy="167" rx="60" ry="8" fill="#7b4a2c"/>
    <path d="M404 198 C452 190 456 244 384 252" fill="none" stroke="#cfc3b1" stroke-width="15" stroke-linecap="round"/>
    <path d="M270 128 C258 106 284 96 272 70 M318 132 C306 108 334 94 320 64" stroke="#fff" stroke-width="8" fill="none" opacity=".6" stroke-linecap="round"/>`,
);

const mug = scene(
    ['#dfe3e4', '#c8d0d3'],
    ['#eae3d8', '#d5c9b8'],
    round('body', '#f6f0e6', '#dfd5c5', '#ad9f8c') + round('dip', '#7395a5', '#4c7084', '#2e4d5e'),
    `${shadow(300, 484, 160, 22)}
    <path d="M408 270 C500 254 502 404 400 404" fill="none" stroke="#3f6174" stroke-width="30" stroke-linecap="round"/>
    <path d="M182 220 V420 Q184 482 236 484 H364 Q416 482 418 420 V220Z" fill="url(#body)"/>
    <path d="M182 220 V352 Q220 372 262 350 T344 356 T418 342 V220Z" fill="url(#dip)"/>
    <ellipse cx="300" cy="220" rx="118" ry="28" fill="#5a8094"/><ellipse cx="300" cy="223" rx="103" ry="21" fill="#2b1a10"/><ellipse cx="282" cy="220" rx="62" ry="9" fill="#4a2e1c"/>
    <path d="M212 264 V420" stroke="#fff" stroke-width="12" opacity=".26" stroke-linecap="round"/>
    <g fill="#8b7a63" opacity=".5"><circle cx="250" cy="410" r="2.6"/><circle cx="302" cy="436" r="2"/><circle cx="352" cy="398" r="2.6"/><circle cx="275" cy="456" r="2"/><circle cx="382" cy="430" r="2"/><circle cx="224" cy="440" r="2"/></g>
    <path d="M268 168 C252 138 288 122 270 86 M326 172 C310 140 346 124 328 84" stroke="#fff" stroke-width="9" fill="none" opacity=".65" stroke-linecap="round"/>`,
);

const fold = (y, light, dark, stripe) =>
    `<path d="M140 ${y} Q140 ${y - 34} 176 ${y - 34} H440 Q464 ${y - 34} 464 ${y - 6} V${y + 30} Q464 ${y + 42} 440 ${y + 42} H176 Q140 ${y + 42} 140 ${y}Z" fill="${light}"/>
    <path d="M140 ${y} Q140 ${y + 42} 176 ${y + 42} H440 Q464 ${y + 42} 464 ${y + 30} V${y + 14} H186 Q156 ${y + 14} 148 ${y - 22} Q140 ${y - 14} 140 ${y}Z" fill="${dark}"/>
    <path d="M186 ${y - 12} H464 M186 ${y - 4} H464" stroke="${stripe}" stroke-width="3" opacity=".7"/>`;
const fringe = Array.from({ length: 16 }, (_, i) => {
    const x = 196 + i * 16.5;
    return `<path d="M${x} 268 q${i % 2 ? 4 : -4} 26 ${i % 3 ? 1 : -3} 50" stroke="#c98f6d" stroke-width="4.5" stroke-linecap="round" fill="none"/>`;
}).join('');
const throwPicture = scene(
    ['#ece4d8', '#dccfbd'],
    ['#a98561', '#946f4c'],
    '',
    `${shadow(305, 476, 190, 22)}
    ${fold(424, '#e9e2d3', '#cfc4b0', '#b7a88e')}${fold(352, '#a3afa0', '#83917f', '#e7e5d8')}${fold(280, '#dca583', '#c58b67', '#f4e6d6')}
    <path d="M186 246 H444 Q452 246 452 256 V270 H186Z" fill="#e6b595"/>${fringe}`,
);

const stool = scene(
    ['#dfe0d8', '#cccfc3'],
    ['#c9b394', '#b39a77'],
    gradient('top', '#e8c391', '#c89a60', across) + gradient('leg', '#d8ac74', '#9c713f', across),
    `${shadow(300, 532, 170, 20)}
    <path d="M292 264 L306 264 L318 512 L296 512Z" fill="#8d6538"/>
    <path d="M216 262 L246 262 L196 534 Q188 542 172 534Z" fill="url(#leg)"/><path d="M354 262 L384 262 L428 534 Q412 542 404 534Z" fill="url(#leg)"/>
    <path d="M207 416 L393 416 L396 432 L204 432Z" fill="#ad7f49"/>
    <path d="M162 232 V252 Q162 284 300 284 Q438 284 438 252 V232Z" fill="#b3844c"/><ellipse cx="300" cy="232" rx="138" ry="36" fill="url(#top)"/>
    <g fill="none" stroke="#b98a52" stroke-width="2.4" opacity=".75"><ellipse cx="292" cy="231" rx="104" ry="25"/><ellipse cx="284" cy="230" rx="70" ry="16"/><ellipse cx="278" cy="229" rx="38" ry="8"/></g>
    <path d="M262 226 L352 208 L372 219 L282 238Z" fill="#2f4e63"/><path d="M262 226 L282 238 V249 L262 237Z" fill="#1e3748"/><path d="M282 238 L372 219 V230 L282 249Z" fill="#f3ece0"/>`,
    470,
);

const marks = Array.from(
    { length: 12 },
    (_, i) =>
        `<rect x="296.5" y="148" width="7" height="${i % 3 ? 15 : 30}" rx="3" fill="#5b3f22" transform="rotate(${i * 30} 300 290)"/>`,
).join('');
const clock = scene(
    ['#d5dcd6', '#bfc9c1'],
    ['#000', '#000'],
    gradient('ash', '#efdcbd', '#d3b488', 'x1="0" y1="0" x2="1" y2="1"') +
        gradient('rim', '#c59d69', '#8f6a3c', 'x1="0" y1="0" x2="1" y2="1"') +
        gradient('brass', '#e0b95c', '#a77c25'),
    `${shadow(322, 320, 176, 172, 0.36)}
    <circle cx="300" cy="290" r="176" fill="url(#rim)"/><circle cx="300" cy="290" r="163" fill="url(#ash)"/>
    <g fill="none" stroke="#c6a273" stroke-width="2" opacity=".55"><path d="M150 240 Q300 214 450 252 M141 280 Q300 254 460 292 M146 322 Q300 298 456 334 M164 364 Q300 342 436 374 M176 200 Q300 178 424 210"/></g>${marks}
    <g stroke="url(#brass)" stroke-linecap="round"><path d="M300 290 L232.01 243" stroke-width="14"/><path d="M300 290 L391 199" stroke-width="9"/></g>
    <path d="M300 320 L300.1 168" stroke="#7d2f1d" stroke-width="3.4" stroke-linecap="round" transform="rotate(200 300 290)"/><circle cx="300" cy="290" r="12" fill="#9d7421"/><circle cx="297" cy="287" r="4" fill="#f0d48c"/>
    <path d="M176 196 A154 154 0 0 1 286 138" stroke="#fff" stroke-width="8" opacity=".4" fill="none" stroke-linecap="round"/>`,
    0,
);

const ribs = [206, 228, 252, 276, 300, 324, 348, 372, 394]
    .map(
        (x) =>
            `<path d="M${300 + (x - 300) * 0.3} 292 Q${300 + (x - 300) * 1.42} 404 ${300 + (x - 300) * 0.72} 514" stroke="#a1532f" stroke-width="3" fill="none" opacity=".38"/>`,
    )
    .join('');
const leaf = (x, y, turn, tone) =>
    `<path d="M0 0 Q18 -22 46 -8 Q24 16 0 0Z" fill="${tone}" transform="translate(${x} ${y}) rotate(${turn})"/>`;
const leaves = [
    [292, 232, -150],
    [286, 196, -30],
    [276, 160, -165],
    [268, 126, -40],
    [258, 92, -110],
    [312, 224, -20],
    [326, 190, -160],
    [338, 158, -10],
    [352, 126, -140],
    [362, 100, -50],
    [300, 202, -80],
    [304, 150, -20],
    [304, 150, -160],
    [306, 104, -60],
    [306, 100, -120],
];
const vase = scene(
    ['#eee3da', '#e0cdbf'],
    ['#d8c4ad', '#c4ab8f'],
    round('clay', '#e3a27c', '#c97c54', '#97502d'),
    `${shadow(310, 518, 130, 18)}
    <g fill="none" stroke="#5d6f4d" stroke-width="5" stroke-linecap="round"><path d="M296 276 C290 210 276 140 256 88"/><path d="M302 276 C306 210 306 150 306 92"/><path d="M306 276 C318 210 344 150 364 96"/></g>
    ${leaves.map(([x, y, turn], i) => leaf(x, y, turn, i % 2 ? '#7d9166' : '#61774f')).join('')}
    <path d="M268 270 H332 V292 C342 340 418 362 408 440 C402 490 374 516 352 518 H248 C226 516 198 490 192 440 C182 362 258 340 268 292Z" fill="url(#clay)"/>${ribs}
    <ellipse cx="300" cy="270" rx="32" ry="9" fill="#8a4a2b"/><path d="M226 410 Q222 452 240 486" stroke="#fff" stroke-width="10" opacity=".24" fill="none" stroke-linecap="round"/>`,
);

const candle = scene(
    ['#55504f', '#3b3736'],
    ['#6b5344', '#503c30'],
    round('jar', '#b98a5a', '#8a5c33', '#4e2f16') +
        '<radialGradient id="halo"><stop offset="0" stop-color="#ffd98a" stop-opacity=".85"/><stop offset="1" stop-color="#ffd98a" stop-opacity="0"/></radialGradient>' +
        gradient('flame', '#fff6d6', '#ffae3d'),
    `${shadow(300, 506, 170, 22, 0.6)}<circle cx="300" cy="196" r="210" fill="url(#halo)"/>
    <path d="M190 258 H410 V468 Q410 506 372 506 H228 Q190 506 190 468Z" fill="url(#jar)"/><path d="M196 300 H404 V330 Q300 352 196 330Z" fill="#ffdf9e" opacity=".28"/>
    <ellipse cx="300" cy="258" rx="110" ry="25" fill="#6d4523"/><ellipse cx="300" cy="270" rx="98" ry="20" fill="#fbe6bb"/><ellipse cx="300" cy="269" rx="52" ry="9" fill="#fff6dc"/>
    <path d="M300 268 V236" stroke="#2f2118" stroke-width="5" stroke-linecap="round"/><path d="M300 134 C326 178 334 204 318 226 C308 240 292 240 282 226 C266 204 278 176 300 134Z" fill="url(#flame)"/><path d="M300 186 C312 206 312 220 300 230 C288 220 288 206 300 186Z" fill="#fffdf2"/>
    <rect x="232" y="356" width="136" height="92" rx="3" fill="#f6efe2"/><path d="M252 384 H348" stroke="#5d4a38" stroke-width="5"/><path d="M266 404 H334 M276 420 H324" stroke="#a18c74" stroke-width="4"/>
    <path d="M208 300 V470" stroke="#fff" stroke-width="9" opacity=".28" stroke-linecap="round"/>`,
);

export const pictures = {
    'halden-lamp': lamp,
    'brygg-set': brew,
    'nord-mug': mug,
    'lune-throw': throwPicture,
    'alba-stool': stool,
    'tide-clock': clock,
    'fern-vase': vase,
    'dusk-candle': candle,
};
