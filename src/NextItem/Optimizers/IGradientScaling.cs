using NextItem.Kernels;

namespace NextItem.Optimizers;

/// <summary>
/// How an optimiser turns a gradient g into the scaled gradient u that a step goes along, element by element. Lazy on sparse
/// rows: an element that a step does not touch keeps its state.
/// </summary>
/// <remarks>Derivation: docs/derivations/optimizers.md.</remarks>
internal unsafe interface IGradientScaling
{
    /// <summary>Floats of state per parameter; they start at 0.</summary>
    static abstract int States { get; }

    /// <summary>u from g; the states are updated.</summary>
    /// <param name="gradient">g.</param>
    /// <param name="state">State 0 of these elements.</param>
    /// <param name="width">Floats from one state to the next.</param>
    TVector Scale<TSimd, TVector>(TVector gradient, float* state, int width)
        where TSimd : ISimd<TVector>
        where TVector : unmanaged;
}
