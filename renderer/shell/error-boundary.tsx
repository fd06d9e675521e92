import { Component, type ReactNode } from 'react'
import { type Problem, toProblem } from '../../shared/domain/problem.ts'
import { Button } from '../ui/button.tsx'
import { ErrorState } from '../ui/error-state.tsx'

interface Props {
  children: ReactNode
  /** When it changes, the children get another chance. */
  resetKey?: string
}
interface State {
  problem: Problem | null
  resetKey: string | undefined
}

/** A fault in one view stays in that view: it says what broke, and the rest of the window goes on. */
export class ErrorBoundary extends Component<Props, State> {
  override state: State = { problem: null, resetKey: this.props.resetKey }

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { problem: toProblem(error) }
  }

  static getDerivedStateFromProps(props: Props, state: State): Partial<State> | null {
    return props.resetKey === state.resetKey ? null : { problem: null, resetKey: props.resetKey }
  }

  override render(): ReactNode {
    const { problem } = this.state
    if (problem === null) return this.props.children
    return (
      <div className='view'>
        <div className='main'>
          <ErrorState
            problem={{ ...problem, message: `This view stopped: ${problem.message}` }}
            onRetry={() => this.setState({ problem: null })}
            actions={<Button small variant='quiet' onClick={() => window.location.reload()}>Reload the window</Button>}
          >
            The data is untouched, and runs go on. Only what was drawn here is gone.
          </ErrorState>
        </div>
      </div>
    )
  }
}
