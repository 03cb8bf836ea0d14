"""Long-call protection: the recommended length of a call (권장 통화시간).

Korean public offices end a call after a recommended time (행정안전부, measures of May 2024: 20
minutes, announced at 15). The customer hears a notice, the agent may extend, and at the end an
announcement ends the call or the decision is left to the agent.
"""
