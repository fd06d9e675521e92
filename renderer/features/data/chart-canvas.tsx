import { BarChart, HeatmapChart, LineChart, ScatterChart } from 'echarts/charts'
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent, VisualMapComponent } from 'echarts/components'
import { init, use as register } from 'echarts/core'
import { CanvasRenderer, SVGRenderer } from 'echarts/renderers'
import { type Ref, useEffect, useImperativeHandle, useRef } from 'react'
import { useElementSize } from '../../ui/use-element-size.ts'
import { useEffectiveTheme } from '../../ui/theme/preferences.tsx'
import { type ChartLook, chartOption, type DrawnChart } from './chart-option.ts'

register([BarChart, LineChart, ScatterChart, HeatmapChart, GridComponent, TooltipComponent, LegendComponent, VisualMapComponent, AriaComponent, CanvasRenderer, SVGRenderer])

export interface ChartPictures {
  svg(): string
  png(): Uint8Array<ArrayBuffer>
}

const EXPORT_SCALE = 2

/** The drawing; the only door to the chart library, which comes with it. */
export function ChartCanvas({ chart, label, ref }: { chart: DrawnChart; label: string; ref: Ref<ChartPictures> }) {
  const box = useRef<HTMLDivElement>(null)
  const drawn = useRef<ReturnType<typeof init> | null>(null)
  const size = useElementSize(box)
  const theme = useEffectiveTheme()
  useEffect(() => {
    if (box.current === null) return
    drawn.current = init(box.current)
    return () => {
      drawn.current?.dispose()
      drawn.current = null
    }
  }, [])
  useEffect(() => {
    drawn.current?.setOption(chartOption(chart, readLook()), { notMerge: true })
  }, [chart, theme])
  useEffect(() => drawn.current?.resize(), [size.width, size.height])
  useImperativeHandle(ref, () => ({
    svg: () => svgOf(chart, box.current),
    png: () => bytesOf(drawn.current?.getDataURL({ type: 'png', pixelRatio: EXPORT_SCALE, backgroundColor: token('--surface') }) ?? ''),
  }))
  return <div className='chart-canvas' ref={box} role='img' aria-label={label} />
}

/** Drawn anew, beside the page. */
function svgOf(chart: DrawnChart, box: HTMLElement | null): string {
  const picture = init(null, null, { renderer: 'svg', ssr: true, width: box?.clientWidth ?? 960, height: box?.clientHeight ?? 540 })
  picture.setOption({ ...chartOption(chart, readLook()), backgroundColor: token('--surface') })
  return picture.renderToSVGString()
}

function bytesOf(dataUrl: string): Uint8Array<ArrayBuffer> {
  const [, base64 = ''] = dataUrl.split(',')
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
}

function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim()
}

/** A canvas knows no variables of the style sheet. */
function readLook(): ChartLook {
  return {
    series: Array.from({ length: 8 }, (_, i) => token(`--chart-${i + 1}`)),
    sequence: Array.from({ length: 5 }, (_, i) => token(`--seq-${i + 1}`)),
    grid: token('--chart-grid'),
    axis: token('--chart-axis'),
    text: token('--text'),
    raised: token('--raised'),
    border: token('--border'),
    font: getComputedStyle(document.body).fontFamily,
  }
}
