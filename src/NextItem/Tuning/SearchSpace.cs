using System.Collections.Immutable;

namespace NextItem;

/// <summary>The hyperparameters that are searched. A point of the space has a number for each: of a choice the place of its value, and none (NaN) where a condition does not hold.</summary>
/// <param name="Parameters">The hyperparameters, those that others are conditional on before them.</param>
public sealed record SearchSpace(ImmutableArray<SearchParameter> Parameters)
{
    /// <summary>Checks every hyperparameter.</summary>
    /// <exception cref="OptionsException">Something cannot be; all faults are listed.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        if (Parameters.IsDefaultOrEmpty)
            faults.Add("The space has no hyperparameter; expected at least one.");
        var before = new Dictionary<string, SearchParameter>();
        foreach (var parameter in Parameters.IsDefault ? [] : Parameters)
        {
            faults.AddRange(parameter.Faults());
            if (parameter.When is { } condition)
                faults.AddRange(Faults(parameter.Name, condition, before.GetValueOrDefault(condition.Parameter)));
            if (!before.TryAdd(parameter.Name, parameter))
                faults.Add($"'{parameter.Name}' is there twice; expected each hyperparameter once.");
        }

        if (faults.Count > 0)
            throw new OptionsException(nameof(SearchSpace), faults);
    }

    /// <summary>A point as names and values: those that matter at it.</summary>
    /// <param name="point">A number for each hyperparameter.</param>
    public IEnumerable<(string Name, string Value)> Describe(ImmutableArray<double> point)
    {
        for (var i = 0; i < Parameters.Length; i++)
        {
            if (!double.IsNaN(point[i]))
                yield return (Parameters[i].Name, Parameters[i].TextOf(point[i]));
        }
    }

    /// <summary>Makes a point, hyperparameter after hyperparameter; what is not searched at it has no number.</summary>
    /// <param name="value">Gives the number of the hyperparameter at a place.</param>
    internal ImmutableArray<double> Point(Func<int, double> value)
    {
        var point = new double[Parameters.Length];
        for (var i = 0; i < point.Length; i++)
            point[i] = IsActive(i, point) ? value(i) : double.NaN;
        return [.. point];
    }

    /// <summary>How many points there are at most; 0 where there is no end of them.</summary>
    internal double Size => Parameters.Aggregate(1.0, (size, parameter) => size * parameter.Count);

    /// <summary>The points of a space that has an end, some of them more than once where there are conditions.</summary>
    internal IEnumerable<ImmutableArray<double>> All()
    {
        for (long number = 0; number < Size; number++)
        {
            var digits = new long[Parameters.Length];
            var rest = number;
            for (var i = 0; i < digits.Length; i++)
                (rest, digits[i]) = Math.DivRem(rest, Parameters[i].Count);
            yield return Point(i => Parameters[i].ValueOf(digits[i]));
        }
    }

    private bool IsActive(int place, double[] point)
    {
        if (Parameters[place].When is not { } condition)
            return true;
        var other = 0;
        while (Parameters[other].Name != condition.Parameter)
            other++;
        return !double.IsNaN(point[other]) && condition.Values.Contains(Parameters[other].TextOf(point[other]));
    }

    private static IEnumerable<string> Faults(string name, SearchCondition condition, SearchParameter? other)
    {
        if (other is null)
            yield return $"'{name}' is conditional on '{condition.Parameter}'; expected a hyperparameter that stands before it in the space.";
        else if (other.Kind != SearchKind.Choice)
            yield return $"'{name}' is conditional on '{other.Name}', which is a number; expected a choice.";
        else if (condition.Values.IsDefaultOrEmpty || condition.Values.Any(value => !other.Values.Contains(value)))
            yield return $"'{name}' is conditional on '{other.Name}' being {(condition.Values.IsDefault ? "" : string.Join(" or ", condition.Values))}; expected of {string.Join(", ", other.Values)}.";
    }
}
