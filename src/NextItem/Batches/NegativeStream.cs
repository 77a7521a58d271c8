using NextItem.Kernels;

namespace NextItem.Batches;

/// <summary>
/// The negatives of one step after the other. Those of the next step can be drawn while this one is computed, by several threads at
/// once: they are a function of (seed, step), so when and by whom changes nothing.
/// </summary>
/// <param name="sampler">Draws them.</param>
/// <param name="count">Negatives a step, N.</param>
internal sealed class NegativeStream(NegativeSampler sampler, int count)
{
    private const long None = -1;

    private int[] _current = new int[count];
    private int[] _ahead = new int[count];
    private long _step = None;
    private long _aheadStep = None;

    /// <summary>[N] the negatives of a step, valid until another step's are taken.</summary>
    public ReadOnlySpan<int> Take(long step)
    {
        if (_aheadStep == step)
            (_current, _ahead) = (_ahead, _current);
        else if (_step != step)
            sampler.Draw(step, _current);
        _step = step;
        _aheadStep = None;
        return _current;
    }

    /// <summary>Draws one of some parts of what the step after the current one needs; <see cref="Complete"/> follows when all are drawn.</summary>
    public void DrawAhead(int part, int parts)
    {
        var (start, end) = WorkerTeam.Share(part, parts, count, grain: 2);
        sampler.Draw(_step + 1, start, _ahead.AsSpan(start, end - start));
    }

    /// <summary>All parts are drawn.</summary>
    public void Complete() => _aheadStep = _step + 1;
}
