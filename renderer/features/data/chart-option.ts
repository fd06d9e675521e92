import type { EChartsCoreOption } from 'echarts/core'
import type { ChartData, ChartPlace, ChartSpec } from '../../../shared/domain/chart.ts'
import type { Column } from '../../../shared/domain/table-query.ts'
import { formatCount } from '../../ui/format.ts'
import { chartAccount, chartTitle, tableHead } from './chart-words.ts'

/** Colours and letters of the theme that is on. */
export interface ChartLook {
  series: string[]
  sequence: string[]
  grid: string
  axis: string
  text: string
  raised: string
  border: string
  font: string
}

export interface DrawnChart {
  spec: ChartSpec
  data: ChartData
  columns: readonly Column[]
}

const NONE = '(none)'

/** What the chart library draws of the data. */
export function chartOption({ spec, data, columns }: DrawnChart, look: ChartLook): EChartsCoreOption {
  const option = { ...baseOption({ spec, data }, look), ...bodyOption({ spec, data, columns }, look) }
  return { ...option, animation: false, textStyle: { fontFamily: look.font, color: look.text } }
}

function baseOption({ spec, data }: Pick<DrawnChart, 'spec' | 'data'>, look: ChartLook): EChartsCoreOption {
  return {
    color: look.series,
    aria: { enabled: true, label: { description: `${chartTitle(spec)}. ${chartAccount(data)}` } },
    grid: { left: 12, right: 20, top: 36, bottom: 8, containLabel: true },
    tooltip: { trigger: spec.kind === 'line' || spec.kind === 'bar' ? 'axis' : 'item', backgroundColor: look.raised, borderColor: look.border, textStyle: { color: look.text, fontSize: 12 }, confine: true, transitionDuration: 0.1 },
  }
}

function bodyOption(chart: DrawnChart, look: ChartLook): EChartsCoreOption {
  switch (chart.spec.kind) {
    case 'bar':
    case 'line':
      return groupedOption(chart, look)
    case 'histogram':
      return histogramOption(chart, look)
    case 'scatter':
      return scatterOption(chart, look)
    case 'heat':
      return heatOption(chart, look)
  }
}

function axis(look: ChartLook, more: Record<string, unknown>): Record<string, unknown> {
  return {
    axisLine: { lineStyle: { color: look.axis } },
    axisTick: { show: false },
    axisLabel: { color: look.axis, fontSize: 11, hideOverlap: true, ...(more['type'] === 'category' ? { width: 160, overflow: 'truncate' } : {}) },
    splitLine: { show: more['type'] !== 'category', lineStyle: { color: look.grid } },
    nameTextStyle: { color: look.axis, fontSize: 11 },
    nameLocation: 'middle',
    ...more,
  }
}

function labelOf(place: ChartPlace): string {
  return place === null ? NONE : typeof place === 'number' ? formatNumber(place) : place
}

function formatNumber(value: number): string {
  return Number.isInteger(value) ? formatCount(value) : value.toLocaleString('en', { maximumFractionDigits: 4 })
}

function groupedOption(chart: DrawnChart, look: ChartLook): EChartsCoreOption {
  const { data, spec } = chart
  const places = [...new Set(data.points.map(([x]) => x))]
  const names = [...new Set(data.points.map(([, series]) => series))]
  const scale = scaleOf(chart, places)
  // Long names read better beside bars than below them.
  const isAcross = spec.kind === 'bar' && !isTimeAxis(chart) && places.some((place) => labelOf(place).length > 12)
  const category = axis(look, scale === 'category' ? { type: scale, data: places.map(labelOf), inverse: isAcross } : { type: scale, scale: true })
  const measure = axis(look, { type: 'value', name: tableHead(spec)[2], nameGap: isAcross ? 28 : 46 })
  const series = names.map((name) => ({ ...seriesShape(spec.kind, { isStacked: names.length > 1, isSparse: places.length < 40 }), name: labelOf(name), data: seriesData(data, { places, name, isPaired: scale !== 'category' }) }))
  return { xAxis: isAcross ? measure : category, yAxis: isAcross ? category : measure, series, ...(names.length > 1 ? { legend: legendOf(look) } : {}) }
}

function isTimeAxis({ spec, columns }: Pick<DrawnChart, 'spec' | 'columns'>): boolean {
  return columns.some(({ name, kind }) => name === spec.x && (kind === 'date' || kind === 'timestamp'))
}

/** Bars stand beside each other, whatever lies between their places. */
function scaleOf({ spec, columns }: DrawnChart, places: readonly ChartPlace[]): 'category' | 'time' | 'value' {
  if (spec.kind === 'bar') return 'category'
  if (isTimeAxis({ spec, columns })) return 'time'
  return places.every((place) => typeof place === 'number') ? 'value' : 'category'
}

function seriesShape(kind: string, { isStacked, isSparse }: { isStacked: boolean; isSparse: boolean }): Record<string, unknown> {
  return kind === 'bar' ? { type: 'bar', barMaxWidth: 36, ...(isStacked ? { stack: 'all' } : {}) } : { type: 'line', showSymbol: isSparse, symbolSize: 4 }
}

function seriesData({ points }: ChartData, { places, name, isPaired }: { places: readonly ChartPlace[]; name: ChartPlace; isPaired: boolean }): unknown[] {
  const values = new Map(points.flatMap(([x, series, y]) => (series === name ? [[x, y] as const] : [])))
  return places.map((place) => (isPaired ? [place, values.get(place) ?? null] : (values.get(place) ?? null)))
}

function legendOf(look: ChartLook): Record<string, unknown> {
  return { type: 'scroll', top: 4, left: 8, textStyle: { color: look.text, fontSize: 12 }, pageTextStyle: { color: look.text }, pageIconColor: look.axis, icon: 'roundRect', itemWidth: 12, itemHeight: 8 }
}

function histogramOption({ spec, data, columns }: DrawnChart, look: ChartLook): EChartsCoreOption {
  const isTime = isTimeAxis({ spec, columns })
  const label = (from: ChartPlace): string => (isTime && typeof from === 'string' ? from.slice(0, 10) : labelOf(from))
  const bins = data.points.map(([from, to]) => `${label(from)} to ${label(to)}`)
  return {
    xAxis: axis(look, { type: 'category', data: bins, name: spec.x, nameGap: 26, axisLabel: { color: look.axis, fontSize: 11, hideOverlap: true, formatter: (_: string, index: number) => label(data.points[index]?.[0] ?? null) } }),
    yAxis: axis(look, { type: 'value', name: 'Rows', nameGap: 46 }),
    series: [{ name: 'Rows', type: 'bar', barCategoryGap: '4%', data: data.points.map(([, , rows]) => rows) }],
  }
}

function scatterOption({ spec, data, columns }: DrawnChart, look: ChartLook): EChartsCoreOption {
  const typeOf = (name: string): string => (columns.some((column) => column.name === name && column.kind !== 'number') ? 'time' : 'value')
  const yName = spec.kind === 'scatter' ? spec.y : ''
  const bySeries = [...Map.groupBy(data.points, ([, , series]) => series)]
  return {
    xAxis: axis(look, { type: typeOf(spec.x), scale: true, name: spec.x, nameGap: 26 }),
    yAxis: axis(look, { type: typeOf(yName), scale: true, name: yName, nameGap: 46 }),
    series: bySeries.map(([name, points]) => ({ name: labelOf(name), type: 'scatter', symbolSize: 5, itemStyle: { opacity: 0.65 }, large: true, largeThreshold: 2_000, data: points.map(([x, y]) => [x, y]) })),
    ...(spec.kind === 'scatter' && spec.series !== null ? { legend: legendOf(look) } : {}),
  }
}

function heatOption({ spec, data }: DrawnChart, look: ChartLook): EChartsCoreOption {
  const xs = [...new Set(data.points.map(([x]) => x))]
  const ys = [...new Set(data.points.map(([, y]) => y))]
  const values = data.points.flatMap(([, , value]) => (typeof value === 'number' ? value : []))
  return {
    grid: { left: 12, right: 90, top: 12, bottom: 24, containLabel: true },
    xAxis: axis(look, { type: 'category', data: xs.map(labelOf), name: spec.x, nameGap: 26 }),
    yAxis: axis(look, { type: 'category', data: ys.map(labelOf), inverse: true }),
    visualMap: { min: Math.min(0, ...values), max: Math.max(0, ...values), calculable: true, right: 4, top: 'middle', inRange: { color: look.sequence }, textStyle: { color: look.axis, fontSize: 11 }, precision: 2 },
    series: [{ name: tableHead(spec)[2], type: 'heatmap', data: data.points.map(([x, y, value]) => [xs.indexOf(x), ys.indexOf(y), value]) }],
  }
}
