import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// The window's pages carry a strict Content-Security-Policy: nothing inline, nothing as a data: URL that could be a file.
export default defineConfig({
  root: 'renderer',
  base: '/',
  cacheDir: '../.cache/vite',
  plugins: [react()],
  build: {
    target: 'chrome154',
    sourcemap: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 2_000,
  },
  worker: { format: 'es' },
})
