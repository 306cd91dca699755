"""A class graded by the workers of a Dask cluster, on one machine or on many.

    cluster(scheduler, …)   → connect   → a Dask client: of a scheduler, or of workers started here
                            → fitness   → which workers take part: same code and packages, and the sandbox asked for
                            → pool      → tasks out, answers back, by the interface of ``autograder.pool``
                            → desk      → what stands on a worker: sandboxes, kept warm between tasks

Dask sends its own messages between the grader, the scheduler and the workers as pickles; whoever can speak to the
scheduler can run code on all of them. Learners' code cannot: it runs in a child of a worker, in the sandbox. What
learners wrote travels as bytes, what became of it as JSON in bytes; neither is ever unpickled.
"""

from autograder.cluster.connect import LOCAL as LOCAL
from autograder.cluster.hire import cluster as cluster
