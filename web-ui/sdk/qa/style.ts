// SPDX-License-Identifier: MIT

export const STYLE = `:host{all:initial}
aside{position:fixed;right:16px;bottom:16px;z-index:2147483600;width:340px;max-width:calc(100vw - 16px);
max-height:60vh;overflow:auto;overscroll-behavior:contain;
font:14px/1.45 system-ui,sans-serif;color:#1c2430;background:#fff;border:1px solid #c9d1dc;border-radius:12px;
box-shadow:0 12px 40px rgba(0,0,0,.25)}
@media(max-width:480px){aside{right:8px;bottom:8px;width:calc(100vw - 16px);max-height:45vh}}
header{display:flex;align-items:center;gap:2px;padding:4px;background:#1c2430;color:#fff;position:sticky;top:0;
touch-action:none;cursor:move}
header span{flex:1;min-width:0;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
button{font:inherit;cursor:pointer;border:0;background:none;color:inherit;min-height:36px;padding:4px 10px;
border-radius:6px}
section,p,summary{margin:0;padding:12px 16px;border-top:1px solid #e3e8ef}b{display:block}
small{color:#56606f;display:block;margin-bottom:6px}p{color:#56606f}p[role=alert]{color:#b3261e}
ul{margin:0 0 8px;padding:0;list-style:none;color:#56606f;font-size:13px}
li{display:flex;justify-content:space-between;gap:8px}
code{font:12px ui-monospace,monospace;overflow-wrap:anywhere}
li i{font-style:normal;white-space:nowrap}li[data-none] i{color:#b3261e}
summary{cursor:pointer}
section button{border:1px solid #c9d1dc;margin:0 6px 6px 0}
section button[aria-pressed=true]{background:#1d5fd1;border-color:#1d5fd1;color:#fff}
section button[data-take]{background:#1d5fd1;border-color:#1d5fd1;color:#fff;width:100%;margin:0}
footer{position:sticky;bottom:0;background:#fff;padding:6px 0 8px}footer small{margin:2px 0 0;text-align:center}
header button[aria-pressed=true]{background:#fff;color:#1c2430}
section button code{display:block;text-align:left}
section button[data-wide]{display:block;width:100%;margin:0 0 6px;text-align:left}
[data-mark]{position:fixed;z-index:2147483599;pointer-events:none;border:2px solid #1d5fd1;border-radius:4px;
background:rgba(29,95,209,.15)}
:focus-visible{outline:3px solid #7db4ff;outline-offset:-3px}`;
