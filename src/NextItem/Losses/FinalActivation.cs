using System.Globalization;
using System.Text.RegularExpressions;

namespace NextItem;

/// <summary>Kinds of <see cref="FinalActivation"/>.</summary>
public enum ActivationKind
{
    /// <summary>r = o.</summary>
    Linear,

    /// <summary>r = max(o, 0).</summary>
    Relu,

    /// <summary>r = tanh(o).</summary>
    Tanh,

    /// <summary>r = o, or alpha o below 0.</summary>
    Leaky,

    /// <summary>r = o, or alpha (e^o - 1) below 0.</summary>
    Elu,

    /// <summary>r = lambda o, or lambda alpha (e^o - 1) below 0.</summary>
    Selu,

    /// <summary>The softmax over the scored columns, which is part of cross-entropy.</summary>
    Softmax,
}

/// <summary>
/// What is applied to the logits before the loss, in training only: ranks are taken on the logits themselves. Official name:
/// final_act, with values linear, relu, tanh, leaky-X, elu-X, selu-L-A, softmax.
/// </summary>
/// <remarks>Derivation: docs/derivations/final-activations.md.</remarks>
public sealed partial record FinalActivation
{
    /// <summary>Which function. Default linear.</summary>
    public ActivationKind Kind { get; init; }

    /// <summary>alpha of leaky, elu and selu.</summary>
    public float Alpha { get; init; }

    /// <summary>lambda of selu; 1 otherwise.</summary>
    public float Lambda { get; init; } = 1;

    /// <summary>r = o.</summary>
    public static FinalActivation Linear { get; } = new();

    /// <summary>r = tanh(o), the 2016 paper's for TOP1 and BPR.</summary>
    public static FinalActivation Tanh { get; } = new() { Kind = ActivationKind.Tanh };

    /// <summary>r = max(o, 0).</summary>
    public static FinalActivation Relu { get; } = new() { Kind = ActivationKind.Relu };

    /// <summary>Cross-entropy's softmax.</summary>
    public static FinalActivation Softmax { get; } = new() { Kind = ActivationKind.Softmax };

    /// <summary>r = o, or alpha o below 0.</summary>
    public static FinalActivation Leaky(float alpha) => new() { Kind = ActivationKind.Leaky, Alpha = alpha };

    /// <summary>r = o, or alpha (e^o - 1) below 0; the authors prefer alpha 0.5 or 1 for BPR-max.</summary>
    public static FinalActivation Elu(float alpha) => new() { Kind = ActivationKind.Elu, Alpha = alpha };

    /// <summary>r = lambda o, or lambda alpha (e^o - 1) below 0.</summary>
    public static FinalActivation Selu(float lambda, float alpha) => new() { Kind = ActivationKind.Selu, Alpha = alpha, Lambda = lambda };

    /// <summary>What goes with a loss unless something else is asked for.</summary>
    public static FinalActivation UsualOf(Loss loss) => loss switch
    {
        Loss.CrossEntropy => Softmax,
        Loss.BprMax => Elu(0.5f),
        Loss.Top1 or Loss.Bpr or Loss.BprSum or Loss.Top1PyGru4Rec => Tanh,
        _ => Linear,
    };

    /// <summary>Whether the logits stay as they are.</summary>
    internal bool IsIdentity => Kind is ActivationKind.Linear or ActivationKind.Softmax;

    /// <summary>Reads a name as the official code writes it, such as <c>elu-0.5</c>.</summary>
    /// <returns>The activation, or null when the text is none.</returns>
    public static FinalActivation? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = Hyphen().Split(text.Trim().ToLowerInvariant());
        var numbers = Array.ConvertAll(parts[1..], Number);
        if (numbers.Contains(null))
            return null;
        return (parts[0], numbers) switch
        {
            ("linear", []) => Linear,
            ("relu", []) => Relu,
            ("tanh", []) => Tanh,
            ("softmax" or "softmax_logit", []) => Softmax,
            ("leaky", [{ } alpha]) => Leaky(alpha),
            ("elu", [{ } alpha]) => Elu(alpha),
            ("selu", [{ } lambda, { } alpha]) => Selu(lambda, alpha),
            _ => null,
        };
    }

    /// <summary>The name as the official code writes it.</summary>
    public override string ToString()
    {
        var (alpha, lambda) = (Alpha.ToString(CultureInfo.InvariantCulture), Lambda.ToString(CultureInfo.InvariantCulture));
        return Kind switch
        {
            ActivationKind.Leaky => "leaky-" + alpha,
            ActivationKind.Elu => "elu-" + alpha,
            ActivationKind.Selu => $"selu-{lambda}-{alpha}",
            _ => Kind.ToString().ToLowerInvariant(),
        };
    }

    /// <summary>A hyphen between parts, not one of an exponent: elu-1e-05 has two parts.</summary>
    [GeneratedRegex("(?<!e)-")]
    private static partial Regex Hyphen();

    private static float? Number(string text) =>
        float.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number) ? number : null;
}
