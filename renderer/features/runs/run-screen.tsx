import { PageHead } from '../../ui/bars.tsx'

export function RunScreen() {
  return <div className='view'><section className='main'><PageHead title='Run' /></section></div>
}
