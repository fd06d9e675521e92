import type { ReactElement } from 'react'
import { flushSync } from 'react-dom'
import { createRoot } from 'react-dom/client'

/** What the style sheet decides about a shape or a text, which a file must carry itself. */
const CARRIED = ['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'stroke-linecap', 'stroke-linejoin', 'opacity'] as const
const CARRIED_BY_TEXT = ['fill', 'opacity', 'font-family', 'font-size', 'font-weight', 'text-anchor', 'stroke', 'stroke-width', 'paint-order'] as const

/** A drawing as the text of an SVG file that needs no style sheet: in the colours of the theme that is on. */
export function toSvg(drawing: ReactElement): string {
  const stage = document.createElement('div')
  stage.className = 'ln-canvas picture-stage'
  stage.setAttribute('aria-hidden', 'true')
  document.body.append(stage)
  const root = createRoot(stage)
  try {
    flushSync(() => root.render(drawing))
    const svg = stage.querySelector('svg')
    if (svg === null) throw new TypeError('The drawing is not an SVG')
    for (const element of svg.querySelectorAll('*')) carryStyle(element)
    for (const element of [svg, ...svg.querySelectorAll('[class]')]) element.removeAttribute('class')
    return new XMLSerializer().serializeToString(svg)
  } finally {
    root.unmount()
    stage.remove()
  }
}

function carryStyle(element: Element): void {
  if (element.tagName === 'title' || element.tagName === 'g' || element.tagName === 'svg') return
  const style = getComputedStyle(element)
  for (const name of element.tagName === 'text' ? CARRIED_BY_TEXT : CARRIED) {
    const value = style.getPropertyValue(name)
    if (value !== '') element.setAttribute(name, value)
  }
}

/** Browsers refuse larger canvases. */
const MOST_PX = 16_000
const MOST_AREA = 120_000_000

/** The drawing in dots, twice as fine as on an ordinary screen where that is possible. */
export async function toPng(svg: string, size: { width: number; height: number }): Promise<Blob> {
  const scale = Math.min(2, MOST_PX / size.width, MOST_PX / size.height, Math.sqrt(MOST_AREA / (size.width * size.height)))
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(size.width * scale))
  canvas.height = Math.max(1, Math.round(size.height * scale))
  const paint = canvas.getContext('2d')
  if (paint === null) throw new TypeError('This browser has no canvas to draw on')
  paint.drawImage(image, 0, 0, canvas.width, canvas.height)
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob === null ? reject(new TypeError('The picture is too large for a PNG; save it as SVG')) : resolve(blob)), 'image/png')
  })
}
