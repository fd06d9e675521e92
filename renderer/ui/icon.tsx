import './icon.css'

/** Stroke icons on a 16 px field. One path each; add here, nowhere else. */
const PATHS = {
  overview: 'M2.5 3h11M2.5 6.3h11M2.5 9.7h11M2.5 13h11',
  runs: 'M5 3.2v9.6L12.8 8z',
  lineage: 'M5.5 4h2.2v8H10.5M7.7 8h2.8M2.5 2.5h3v3h-3zM10.5 6.5h3v3h-3zM10.5 10.5h3v3h-3z',
  data: 'M2.5 3h11v10h-11zM2.5 6.2h11M6.5 6.2V13M2.5 9.6h11',
  quality: 'M8 1.8l5.2 2v4c0 3.2-2.2 5.4-5.2 6.4C5 13.2 2.8 11 2.8 7.8v-4zM5.8 7.9l1.7 1.7 2.9-3.2',
  exports: 'M8 9.8V2.2M5.2 4.8L8 2l2.8 2.8M2.8 9.5v3.7h10.4V9.5',
  pipelines: 'M2.5 3.5h4v3h-4zM9.5 9.5h4v3h-4zM6.5 5h2.3a2 2 0 012 2v2.5',
  settings: 'M2.5 4.5h6M11.5 4.5h2M10 3v3M2.5 11.5h2M7.5 11.5h6M6 10v3M2.5 8h3.5M9 8h4.5M7.5 6.5v3',
  search: 'M7 2.5a4.5 4.5 0 100 9 4.5 4.5 0 000-9zM10.3 10.3l3.2 3.2',
  right: 'M6 3.5L10.5 8 6 12.5',
  down: 'M3.5 6L8 10.5 12.5 6',
  up: 'M3.5 10L8 5.5 12.5 10',
  left: 'M10 3.5L5.5 8l4.5 4.5',
  close: 'M4 4l8 8M12 4l-8 8',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  filter: 'M2 3.5h12L9.5 8.8v4L6.5 11.5V8.8z',
  asc: 'M8 13V3M4.5 6.5L8 3l3.5 3.5',
  desc: 'M8 3v10M4.5 9.5L8 13l3.5-3.5',
  columns: 'M2.5 3h11v10h-11zM6.2 3v10M9.8 3v10',
  stop: 'M4 4h8v8H4z',
  play: 'M5 3.2v9.6L12.8 8z',
  retry: 'M12.8 8a4.8 4.8 0 11-1.5-3.5M12.8 2v3h-3',
  more: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  clock: 'M8 2.2a5.8 5.8 0 100 11.6A5.8 5.8 0 008 2.2zM8 4.8V8l2.2 1.5',
  file: 'M4 1.8h5L12.5 5.3v8.9H4zM9 1.8v3.5h3.5',
  folder: 'M1.8 3.8h4.4l1.4 1.6h6.6v7.4H1.8z',
  table: 'M2.5 3h11v10h-11zM2.5 6.2h11M6.5 6.2V13',
  key: 'M5.5 7.5a3 3 0 100 6 3 3 0 000-6zM7.6 8.4L13.5 2.5M11 5l2 2',
  link: 'M6.5 9.5l3-3M7 4.8l1.6-1.6a2.9 2.9 0 014.1 4.1L11.1 8.9M8.9 11.2l-1.6 1.6a2.9 2.9 0 01-4.1-4.1L4.8 7.1',
  check: 'M3 8.5l3.2 3.2L13 4.8',
  warn: 'M8 2.5L14.3 13.5H1.7zM8 6.5v3.3M8 11.6v.01',
  info: 'M8 2.2a5.8 5.8 0 100 11.6A5.8 5.8 0 008 2.2zM8 7.3v3.7M8 5v.01',
  lock: 'M3.5 7h9v6.5h-9zM5.5 7V5a2.5 2.5 0 015 0v2',
  mask: 'M2 8s2.2-4 6-4 6 4 6 4-2.2 4-6 4-6-4-6-4zM3 13L13 3',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  external: 'M7 3H3v10h10V9M9.5 2.5h4v4M13.5 2.5L7.5 8.5',
  theme: 'M8 2.2a5.8 5.8 0 100 11.6zM8 2.2a5.8 5.8 0 010 11.6',
  person: 'M8 2.2a2.6 2.6 0 100 5.2 2.6 2.6 0 000-5.2zM2.8 13.8c.3-3 2.3-4.6 5.2-4.6s4.9 1.6 5.2 4.6',
  pin: 'M6 2h4l-.5 4.5 2.5 2.5H4L6.5 6.5zM8 9v5',
  history: 'M3 8a5 5 0 105-5 5 5 0 00-4.2 2.3M3 2.5v3h3M8 5.5V8l2 1.5',
  diff: 'M4.5 2.5v7M11.5 6.5v7M4.5 9.5a2 2 0 100 4 2 2 0 000-4zM11.5 2.5a2 2 0 100 4 2 2 0 000-4z',
  bolt: 'M9 1.8L3.5 9H8l-1 5.2L12.5 7H8z',
  code: 'M5.5 4.5L2 8l3.5 3.5M10.5 4.5L14 8l-3.5 3.5',
  db: 'M8 2.2c3 0 5 .8 5 2s-2 2-5 2-5-.8-5-2 2-2 5-2zM3 4.2v7.6c0 1.2 2 2 5 2s5-.8 5-2V4.2M3 8c0 1.2 2 2 5 2s5-.8 5-2',
  gate: 'M3 2.5v11M13 2.5v11M3 5.5h10M3 9.5h10',
  sigma: 'M12 4V2.8H4.2L8.5 8l-4.3 5.2H12V12',
  inbox: 'M2 9.5L4 3h8l2 6.5v4H2zM2 9.5h3.5c0 1.5 1 2.3 2.5 2.3s2.5-.8 2.5-2.3H14',
  undo: 'M3 6.5h6.5a3.5 3.5 0 010 7H6M5.5 3.5L2.8 6.5l2.7 3',
  save: 'M3 2.5h8l2.5 2.5v8.5H3zM5.5 2.5v4h5v-4M5 13.5v-4h6v4',
  chart: 'M2.5 13.5h11M4.5 11V7M8 11V3.5M11.5 11V5.5',
  globe: 'M8 2.2a5.8 5.8 0 100 11.6A5.8 5.8 0 008 2.2zM2.2 8h11.6M8 2.2c-3.5 3.5-3.5 8 0 11.6 3.5-3.6 3.5-8.1 0-11.6z',
  test: 'M6 2h4M7 2v4L3.2 12.5c-.4.8 0 1.5.8 1.5h8c.8 0 1.2-.7.8-1.5L9 6V2M5.2 9.5h5.6',
} as const
export type IconName = keyof typeof PATHS

interface IconProps {
  name: IconName
  /** Edge in px. */
  size?: number
}

/** Always decoration: the name of what it stands for belongs to the control around it. */
export function Icon({ name, size = 16 }: IconProps) {
  return (
    <svg
      className='icon'
      width={size}
      height={size}
      viewBox='0 0 16 16'
      fill='none'
      stroke='currentColor'
      strokeWidth={name === 'more' ? 2 : 1.35}
      strokeLinecap='round'
      strokeLinejoin='round'
      aria-hidden='true'
    >
      <path d={PATHS[name]} />
    </svg>
  )
}
