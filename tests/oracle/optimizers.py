"""Update rules, element by element: an element that a mini-batch does not touch keeps its value and its state.

Duchi et al. 2011 (Adagrad), Tieleman & Hinton 2012 (RMSProp), Zeiler 2012 (Adadelta), Kingma & Ba 2015 (Adam).
"""
import torch

EPSILON = 1e-6
CONSTANTS = {'adagrad': {}, 'rmsprop': {'rho': 0.9}, 'adadelta': {'rho': 0.9}, 'adam': {'beta1': 0.9, 'beta2': 0.999}, 'sgd': {}}


class Optimizer:
    def __init__(self, parameters, settings):
        self.settings = settings
        zeros = lambda: {name: torch.zeros_like(value) for name, value in parameters.items()}
        # a: squared gradients, d: Adadelta's squared updates, m: Adam's mean gradient, t: Adam's count, velocity: momentum.
        self.a, self.d, self.m, self.t, self.velocity = (zeros() for _ in range(5))

    def scaled(self, name, where, g):
        """u, the gradient as the rule scales it, of the touched elements."""
        rule, s = self.settings['adapt'], self.settings
        if rule == 'sgd':
            return g
        a = self.a[name][where]
        if rule == 'adagrad':
            a = a + g ** 2
            u = g / torch.sqrt(a + EPSILON)
        elif rule == 'rmsprop':
            a = s['rho'] * a + (1 - s['rho']) * g ** 2
            u = g / torch.sqrt(a + EPSILON)
        elif rule == 'adadelta':
            a, d = s['rho'] * a + (1 - s['rho']) * g ** 2, self.d[name][where]
            u = g * torch.sqrt(d + EPSILON) / torch.sqrt(a + EPSILON)
            self.d[name][where] = s['rho'] * d + (1 - s['rho']) * u ** 2
        elif rule == 'adam':
            t = self.t[name][where] + 1
            m = s['beta1'] * self.m[name][where] + (1 - s['beta1']) * g
            a = s['beta2'] * a + (1 - s['beta2']) * g ** 2
            u = m / (1 - s['beta1'] ** t) / (torch.sqrt(a / (1 - s['beta2'] ** t)) + EPSILON)
            self.t[name][where], self.m[name][where] = t, m
        else:
            raise ValueError(f"adapt is '{rule}'; expected one of {', '.join(CONSTANTS)}.")
        self.a[name][where] = a
        return u

    def step(self, parameters, gradients, touched):
        """Updates the parameters in place; gradients are zero where nothing is touched. Returns the norm before the cap."""
        norm = torch.sqrt(sum((gradient ** 2).sum() for gradient in gradients.values()))
        cap, rate, momentum = self.settings['grad_cap'], self.settings['learning_rate'], self.settings['momentum']
        factor = cap / norm if cap > 0 and norm >= cap else 1.0
        for name, parameter in parameters.items():
            where = touched[name]
            old = parameter[where]
            move = -rate * (self.scaled(name, where, gradients[name][where] * factor) + self.settings['lmbd'] * old)
            if momentum > 0:
                move = momentum * self.velocity[name][where] + move
                self.velocity[name][where] = move
            parameter[where] = old + move
        return norm.item()
