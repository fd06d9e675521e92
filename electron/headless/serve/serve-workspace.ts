import { RPC_PATH } from '../../../shared/contract/host.contract.ts'
import type { EngineLog } from '../../engine/engine.ts'
import { createLayout } from '../../engine/zones/layout.ts'
import type { AppFiles } from '../app-root.ts'
import { openEngine } from '../open-engine.ts'
import { openBrowser } from './open-browser.ts'
import { forgetOldUploads } from './upload-files.ts'
import { startWebServer } from './web-server.ts'

interface ServeOptions {
  workspaceDir: string
  port: number
  openBrowser: boolean
  files: AppFiles
  env: NodeJS.ProcessEnv
  log: EngineLog
}

export interface Serving {
  readonly url: string
  /** Stops serving, then closes the engine. */
  close(): Promise<void>
}

/** Opens a workspace and serves its window on a loopback address. */
export async function serveWorkspace({ workspaceDir, port, openBrowser: wantsBrowser, files, env, log }: ServeOptions): Promise<Serving> {
  const engine = await openEngine({ workspaceDir, host: 'browser', files, env, log, resumeInterrupted: true })
  const { uploadsDir } = createLayout(engine.workspaceDir)
  try {
    await forgetOldUploads(uploadsDir, Date.now())
    const server = await startWebServer({ uploadsDir, router: engine.router, version: files.version, rendererDir: files.rendererDir, port, log })
    log('info', `Serving ${workspaceDir} on port ${server.port}${RPC_PATH}`)
    engine.announceWindow(server.url)
    if (wantsBrowser) openBrowser(server.launchUrl(), process.platform)
    return {
      url: server.url,
      async close() {
        await server.close()
        await engine.close()
      },
    }
  } catch (error) {
    await engine.close()
    throw error
  }
}
