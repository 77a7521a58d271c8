using NextItem.Batches;
using NextItem.Kernels;
using NextItem.Losses;

namespace NextItem.Models.Gru4Rec;

/// <summary>The teachers of a network in training, and the memory in which their scores become soft targets.</summary>
/// <remarks>Hinton, Vinyals, Dean 2015; what teachers cost: their own forward pass and scores, half a step to four fifths of one each.</remarks>
internal sealed unsafe class Distillation : IDisposable
{
    private readonly Teacher[] _teachers;
    private readonly SoftTargets _targets;
    private readonly Arena _arena = new();
    private readonly Matrix[] _scores;     // [D x B] each
    private readonly Matrix[] _statistics; // of all members, each
    private readonly Matrix[][] _finals;   // [teacher][member]

    /// <summary>Allocates.</summary>
    /// <param name="models">The teachers' models; they stay the caller's.</param>
    /// <param name="itemsOf">[teacher][I] their item index of each item in training.</param>
    /// <param name="options">Validated options, with a share for the teachers.</param>
    /// <param name="support">[I] training events of each item.</param>
    public Distillation(IReadOnlyList<Gru4RecModel> models, IReadOnlyList<int[]> itemsOf, Gru4RecOptions options, ReadOnlySpan<int> support)
    {
        var columns = Math.Min(support.Length, options.BatchSize + options.NegativeSampleCount);
        _teachers = [.. models.Zip(itemsOf, (model, itemOf) => new Teacher(model, itemOf, options.BatchSize))];
        _targets = new SoftTargets(new CrossEntropy(support, options.SampleAlpha, options.LogQ), options.Distillation, columns);
        _scores = Array.ConvertAll(_teachers, _ => _arena.Allocate(columns, options.BatchSize));
        _statistics = Array.ConvertAll(_teachers, _ => _arena.Allocate(options.Threads * CrossEntropy.StatisticsPerLane, options.BatchSize));
        _finals = Array.ConvertAll(_teachers, _ => Array.ConvertAll(new int[options.Threads], _ => _arena.Allocate(CrossEntropy.FinalsPerLane, options.BatchSize)));
    }

    /// <summary>The teachers' states, which carry on.</summary>
    public IEnumerable<Matrix> CarriedStates => _teachers.SelectMany(teacher => teacher.CarriedStates);

    /// <summary>Takes the teachers on to a mini-batch.</summary>
    public void Carry(MiniBatch batch)
    {
        foreach (var teacher in _teachers)
            teacher.Carry(batch);
    }

    /// <summary>A member's lanes [start, end) forward.</summary>
    public void Forward(MiniBatch batch, StepWindow window, int start, int end)
    {
        foreach (var teacher in _teachers)
            teacher.Forward(batch, window, start, end);
    }

    /// <summary>Scores a member's columns and keeps what can be known from them alone, while <paramref name="student"/> holds scores.</summary>
    public void Reduce(ScoredColumns columns, int start, int end, int member, Matrix student)
    {
        for (var t = 0; t < _teachers.Length; t++)
        {
            _teachers[t].Score(columns, start, end, _scores[t].Block(0, student.Columns));
            _targets.Reduce(columns, RangeOf(t, start, end, member, student), student);
        }
    }

    /// <summary>Combines what all members kept, and gives the loss's sum over the lanes.</summary>
    public double Combine(ScoredColumns columns, in LossRange student, int member, double hardLoss) =>
        _targets.Combine(columns, Ranges(student, member, stackalloc LossRange[_teachers.Length]), student, hardLoss);

    /// <summary>Adds the teachers' part to the gradient by the scores.</summary>
    public void AddGradient(ScoredColumns columns, in LossRange student, int member, int start, int end, float scale) =>
        _targets.AddGradient(columns, Ranges(student, member, stackalloc LossRange[_teachers.Length]), student, start, end, scale);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var teacher in _teachers)
            teacher.Dispose();
        _arena.Dispose();
    }

    private Span<LossRange> Ranges(in LossRange student, int member, Span<LossRange> ranges)
    {
        for (var t = 0; t < ranges.Length; t++)
            ranges[t] = RangeOf(t, student.Start, student.End, member, student.Logits);
        return ranges;
    }

    private LossRange RangeOf(int teacher, int start, int end, int member, Matrix student) =>
        new(start, end, _scores[teacher].Block(0, student.Columns), default, _statistics[teacher], _finals[teacher].Length, member, _finals[teacher][member]);
}
