using NextItem.Kernels;

namespace NextItem.Models.Gru4Rec;

/// <content>What is done element by element between the products, a vector of units at a time.</content>
internal static unsafe partial class GruCell
{
    /// <summary>r and z from their pre-activations, and r * h.</summary>
    private readonly struct GatesBefore(Matrix gates, Matrix previous, Matrix resetPrevious, int width) : ISimdWork
    {
        public void Run<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : unmanaged
        {
            for (var lane = 0; lane < gates.Rows; lane++)
            {
                var reset = gates.Row(lane) + (Reset * width);
                var update = gates.Row(lane) + (Update * width);
                float* before = previous.Row(lane), product = resetPrevious.Row(lane);
                for (var i = 0; i < width; i += TSimd.Width)
                {
                    var r = Logistic.Sigma<TSimd, TVector>(TSimd.Load(reset + i));
                    TSimd.Store(r, reset + i);
                    TSimd.Store(TSimd.Multiply(r, TSimd.Load(before + i)), product + i);
                    TSimd.Store(Logistic.Sigma<TSimd, TVector>(TSimd.Load(update + i)), update + i);
                }
            }
        }
    }

    /// <summary>The candidate and the new state, h + z (h~ - h).</summary>
    private readonly struct NewState(Matrix gates, Matrix previous, Matrix state, int width) : ISimdWork
    {
        public void Run<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : unmanaged
        {
            for (var lane = 0; lane < gates.Rows; lane++)
            {
                var candidate = gates.Row(lane) + (Candidate * width);
                var update = gates.Row(lane) + (Update * width);
                float* before = previous.Row(lane), after = state.Row(lane);
                for (var i = 0; i < width; i += TSimd.Width)
                {
                    var c = Logistic.Tanh<TSimd, TVector>(TSimd.Load(candidate + i));
                    TSimd.Store(c, candidate + i);
                    var h = TSimd.Load(before + i);
                    TSimd.Store(TSimd.MultiplyAdd(TSimd.Subtract(c, h), TSimd.Load(update + i), h), after + i);
                }
            }
        }
    }

    /// <summary>r and z from both their parts, and the candidate's pre-activation.</summary>
    private readonly struct GatesAfter(Matrix gates, Matrix product, int width) : ISimdWork
    {
        public void Run<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : unmanaged
        {
            for (var lane = 0; lane < gates.Rows; lane++)
            {
                var input = gates.Row(lane);
                var recurrent = product.Row(lane);
                for (var i = 0; i < width; i += TSimd.Width)
                {
                    var (candidate, reset, update) = (i + (Candidate * width), i + (Reset * width), i + (Update * width));
                    var r = Logistic.Sigma<TSimd, TVector>(TSimd.Add(TSimd.Load(input + reset), TSimd.Load(recurrent + reset)));
                    TSimd.Store(r, input + reset);
                    TSimd.Store(Logistic.Sigma<TSimd, TVector>(TSimd.Add(TSimd.Load(input + update), TSimd.Load(recurrent + update))), input + update);
                    TSimd.Store(TSimd.MultiplyAdd(r, TSimd.Load(recurrent + candidate), TSimd.Load(input + candidate)), input + candidate);
                }
            }
        }
    }

    /// <summary>From the gradient g by the new state to those by the pre-activations of the candidate and the update gate.</summary>
    private readonly struct CandidateAndUpdateBackward(Matrix gradientState, Matrix gates, Matrix previous, Matrix gradientGates, int width) : ISimdWork
    {
        public void Run<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : unmanaged
        {
            var one = TSimd.Create(1);
            for (var lane = 0; lane < gates.Rows; lane++)
            {
                float* gradient = gradientState.Row(lane), before = previous.Row(lane), values = gates.Row(lane), to = gradientGates.Row(lane);
                for (var i = 0; i < width; i += TSimd.Width)
                {
                    var g = TSimd.Load(gradient + i);
                    var c = TSimd.Load(values + (Candidate * width) + i);
                    var z = TSimd.Load(values + (Update * width) + i);
                    var gz = TSimd.Multiply(g, z);
                    TSimd.Store(TSimd.Multiply(gz, TSimd.Subtract(one, TSimd.Multiply(c, c))), to + (Candidate * width) + i);
                    TSimd.Store(
                        TSimd.Multiply(TSimd.Multiply(gz, TSimd.Subtract(c, TSimd.Load(before + i))), TSimd.Subtract(one, z)), to + (Update * width) + i);
                }
            }
        }
    }

    /// <summary>
    /// The reset gate's: what reaches r * h, or r * (h U), times its other factor and r (1 - r); the former may lie where the result
    /// goes. Where r acts after the product, the gradient by that product too, else a matrix without rows.
    /// </summary>
    private readonly struct ResetBackward(Matrix reaching, Matrix factor, Matrix gates, Matrix gradientGates, Matrix byProduct, int width) : ISimdWork
    {
        public void Run<TSimd, TVector>()
            where TSimd : ISimd<TVector>
            where TVector : unmanaged
        {
            var one = TSimd.Create(1);
            for (var lane = 0; lane < gates.Rows; lane++)
            {
                float* from = reaching.Row(lane), other = factor.Row(lane), reset = gates.Row(lane) + (Reset * width), to = gradientGates.Row(lane) + (Reset * width);
                for (var i = 0; i < width; i += TSimd.Width)
                {
                    var g = TSimd.Load(from + i);
                    var r = TSimd.Load(reset + i);
                    var gr = TSimd.Multiply(g, r);
                    if (byProduct.Rows > 0)
                        TSimd.Store(gr, byProduct.Row(lane) + i);
                    TSimd.Store(TSimd.Multiply(TSimd.Multiply(gr, TSimd.Load(other + i)), TSimd.Subtract(one, r)), to + i);
                }
            }
        }
    }
}
