import { createTheme, type MantineColorsTuple } from '@mantine/core'

/** Petrol from tint to depth: step 7 is the accent in light, step 4 the accent in dark. */
const petrol: MantineColorsTuple = ['#E1EFF1', '#C5E0E4', '#9CCBD2', '#7DB0B8', '#56AEBB', '#2F7E8A', '#1C6C78', '#0B5F6B', '#094E58', '#073F48']

/** Only what Mantine computes in JavaScript; every variable it would inject is set in mantine.css. */
export const mantineTheme = createTheme({
  fontFamily: 'var(--font-ui)',
  fontFamilyMonospace: 'var(--font-mono)',
  primaryColor: 'petrol',
  primaryShade: { light: 7, dark: 4 },
  colors: { petrol },
  defaultRadius: 'sm',
  focusRing: 'never',
  respectReducedMotion: true,
  cursorType: 'default',
})
