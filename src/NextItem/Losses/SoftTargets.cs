using NextItem.Batches;
using NextItem.Kernels;

namespace NextItem.Losses;

/// <summary>
/// Cross-entropy towards what teachers expect: a share a of each lane's target is not the next item but the mean q of the teachers' probabilities,
/// which are softmaxes of their scores over the same columns with the same weights. Works beside <see cref="CrossEntropy"/>, in its ranges.
/// </summary>
/// <remarks>
/// Loss of a lane: (1 - a) (-log p_t) - a sum_n q_n log p_n, over distinct columns n; gradient by the score o_n: p_n - (1 - a) [n is the target] - a q_n.
/// CrossEntropy gives p_n - [n is the target]; this adds a ([n is the target] - q_n). Derivation: docs/derivations/distillation.md.
/// Hinton, Vinyals, Dean 2015, section 2, at temperature 1; the share is their weight of the soft targets.
/// </remarks>
internal sealed unsafe class SoftTargets
{
    private readonly CrossEntropy _loss;
    private readonly float _share;
    private readonly float[] _logWeights; // [D]

    /// <summary>Allocates.</summary>
    /// <param name="loss">The weights of columns: of cross-entropy without smoothing and masks.</param>
    /// <param name="share">a, above 0 and at most 1.</param>
    /// <param name="columns">The most distinct scored items, D.</param>
    public SoftTargets(CrossEntropy loss, float share, int columns)
    {
        _loss = loss;
        _share = share;
        _logWeights = new float[columns];
    }

    /// <summary>
    /// One teacher's scores of the range become e = exp(o - the range's largest), with their weighted sum and that of e times the logarithm of the
    /// student's numerator. Runs before the student's own scores are touched.
    /// </summary>
    /// <param name="columns">The columns.</param>
    /// <param name="teacher">The teacher's scores and memory.</param>
    /// <param name="student">[D x B] the student's scores.</param>
    public void Reduce(ScoredColumns columns, in LossRange teacher, Matrix student)
    {
        _loss.Reduce(columns, teacher); // weighs the columns too
        for (var column = teacher.Start; column < teacher.End; column++)
            _logWeights[column] = MathF.Log(columns.Weight[column]);
        var work = new CrossWork(columns, teacher, student, _logWeights);
        SimdDispatch.Run(ref work);
    }

    /// <summary>Combines the ranges of all teachers: what turns this range's e into q.</summary>
    /// <param name="columns">The columns.</param>
    /// <param name="teachers">The teachers' ranges.</param>
    /// <param name="student">The student's range, reduced.</param>
    /// <param name="hardLoss">The sum over the lanes of -log p_t.</param>
    /// <returns>The sum of the loss over the lanes.</returns>
    public double Combine(ScoredColumns columns, ReadOnlySpan<LossRange> teachers, in LossRange student, double hardLoss)
    {
        double soft = 0;
        for (var lane = 0; lane < columns.Lanes; lane++)
        {
            var (largest, sum) = CrossEntropy.Partition(student, lane);
            soft += largest + Math.Log(sum);
        }

        foreach (ref readonly var teacher in teachers)
        {
            teacher.Finals.Clear();
            for (var lane = 0; lane < columns.Lanes; lane++)
            {
                var (largest, sum) = CrossEntropy.Partition(teacher, lane);
                teacher.Finals.Row(CrossEntropy.Factor)[lane] = (float)(Math.Exp((double)teacher.Own(CrossEntropy.Maximum)[lane] - largest) / sum / teachers.Length);
                for (var range = 0; range < teacher.Ranges; range++)
                    soft -= Math.Exp((double)teacher.Of(range, CrossEntropy.Maximum)[lane] - largest) / sum / teachers.Length * teacher.Of(range, CrossEntropy.LogSum)[lane];
            }
        }

        return ((1 - _share) * hardLoss) + (_share * soft);
    }

    /// <summary>Adds the soft targets' part to the student's gradient by the scores.</summary>
    /// <param name="columns">The columns.</param>
    /// <param name="teachers">The teachers' ranges.</param>
    /// <param name="student">The student's range, whose rows [start, end) hold its gradient.</param>
    /// <param name="start">First column.</param>
    /// <param name="end">One past the last.</param>
    /// <param name="scale">What the gradient is multiplied with.</param>
    public void AddGradient(ScoredColumns columns, ReadOnlySpan<LossRange> teachers, in LossRange student, int start, int end, float scale)
    {
        foreach (ref readonly var teacher in teachers)
        {
            var work = new GradientWork(columns, teacher, student, start, end, _share * scale);
            SimdDispatch.Run(ref work);
        }

        for (var lane = 0; lane < columns.Lanes; lane++)
        {
            var column = columns.TargetColumn[lane];
            if (column >= start && column < end)
                student.Logits.Row(column)[lane] += _share * scale * student.Finals.Row(CrossEntropy.LaneWeight)[lane];
        }
    }

    /// <summary>The sum over the range of w e (o + log w), e the teacher's and o the student's.</summary>
    private readonly struct CrossWork(ScoredColumns columns, LossRange teacher, Matrix student, float[] logWeights) : ISimdWork
    {
        public void Run<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : unmanaged
        {
            for (var lane = 0; lane < teacher.Width; lane += TSimd.Width)
            {
                var sum = TSimd.Create(0);
                for (var column = teacher.Start; column < teacher.End; column++)
                {
                    var numerator = TSimd.Multiply(TSimd.Load(teacher.Logits.Row(column) + lane), TSimd.Create(columns.Weight[column]));
                    sum = TSimd.MultiplyAdd(numerator, TSimd.Add(TSimd.Load(student.Row(column) + lane), TSimd.Create(logWeights[column])), sum);
                }

                TSimd.Store(sum, teacher.Own(CrossEntropy.LogSum) + lane);
            }
        }
    }

    /// <summary>Takes the teacher's part of q off, times the student's weight of the lane.</summary>
    private readonly struct GradientWork(ScoredColumns columns, LossRange teacher, LossRange student, int start, int end, float scale) : ISimdWork
    {
        public void Run<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : unmanaged
        {
            for (var lane = 0; lane < teacher.Width; lane += TSimd.Width)
            {
                var factor = TSimd.Multiply(TSimd.Load(teacher.Finals.Row(CrossEntropy.Factor) + lane), TSimd.Load(student.Finals.Row(CrossEntropy.LaneWeight) + lane));
                for (var column = start; column < end; column++)
                {
                    var cell = student.Logits.Row(column) + lane;
                    var q = TSimd.Multiply(TSimd.Multiply(TSimd.Load(teacher.Logits.Row(column) + lane), TSimd.Create(-scale * columns.Weight[column])), factor);
                    TSimd.Store(TSimd.Add(TSimd.Load(cell), q), cell);
                }
            }
        }
    }
}
